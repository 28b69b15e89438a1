import { type JWTPayload, errors as joseErrors, jwtVerify } from 'jose'
import type { JwtSettings } from '#config'
import type { Authenticator, AuthenticatorDeps, Denial, Identity, Step, Visit } from '../contract.ts'
import { whyNotTrusted } from '../web-server.ts'
import { type JwtKeys, jwtKeys } from './keys.ts'
import { tokenOf } from './token.ts'

const skewSeconds = 60

/**
 * A signed token in a header or in the query says who came; a drop-in for jwtauthenticator. The signature is what is
 * believed; with `trusted_proxies` also whence it comes. Errors: OPTION_MISSING, JWT_KEY_UNREADABLE.
 */
export async function create(deps: AuthenticatorDeps): Promise<Authenticator> {
  const keys = await jwtKeys(deps)
  if (optionsOf(deps).expectedAudience === '') deps.log.warn(audienceHint, 'Tokens for other services are taken, too')
  return {
    name: 'jwt',
    id: deps.own().id,
    service: 'JSON web token',
    kind: 'ambient',
    asksPassword: false,
    async authenticate(_form, visit): Promise<Step> {
      const options = optionsOf(deps)
      const distrust = options.trustedProxies.length > 0 ? whyNotTrusted(visit, deps) : null
      return distrust ?? recognise(visit, { options, keys, now: deps.clock.now() })
    },
  }
}

const audienceHint = { hint: 'Set JSONWebTokenAuthenticator.expected_audience to what your issuer calls this hub.' }

/** Safe: `config` gives each way the options of its class. */
const optionsOf = ({ own }: AuthenticatorDeps) => own().options as unknown as JwtSettings

interface Means {
  readonly options: JwtSettings
  readonly keys: JwtKeys
  readonly now: number
}

async function recognise(visit: Visit, means: Means): Promise<Step> {
  const token = tokenOf(visit, means.options)
  if (typeof token !== 'string') return token
  const claims = await claimsOf(token, means)
  return 'kind' in claims ? (claims as Denial) : identify(claims, means.options)
}

async function claimsOf(token: string, { options, keys, now }: Means): Promise<JWTPayload | Denial> {
  const { expectedAudience, expectedIssuer } = options
  try {
    const { payload } = await jwtVerify(token, keys.key, {
      algorithms: [...keys.algorithms],
      clockTolerance: skewSeconds,
      currentDate: new Date(now),
      requiredClaims: ['exp'],
      ...(expectedAudience === '' ? {} : { audience: expectedAudience }),
      ...(expectedIssuer === null ? {} : { issuer: expectedIssuer }),
    })
    return payload
  } catch (error) {
    if (error instanceof joseErrors.JOSEError) return notTrusted(`${error.code}: ${error.message}`)
    if (error instanceof TypeError) return notTrusted(error.message)
    throw error
  }
}

function identify(claims: JWTPayload, options: JwtSettings): Step {
  const { usernameClaimField, extractUsername, groupsClaimField } = options
  const claim = claims[usernameClaimField]
  if (typeof claim !== 'string' || claim === '') return claimMissing(usernameClaimField, claims)
  const userName = extractUsername ? claim.split('@', 1)[0]! : claim
  const groups = groupsClaimField === null ? null : claims[groupsClaimField]
  const mail = typeof claims.email === 'string' ? claims.email : null
  const identity: Identity = {
    issuer: claims.iss ?? 'jwt',
    subject: (claims.iss !== undefined && claims.sub) || null,
    userName,
    isAdmin: null,
    groups: groups === null ? null : [groups ?? []].flat().filter((one) => typeof one === 'string'),
    attributes: claims,
    mail: mail === null ? null : { address: mail, isVerified: claims.email_verified === true },
    authState: { claims },
  }
  return { kind: 'identity', identity }
}

function claimMissing(claim: string, attributes: JWTPayload): Denial {
  return {
    kind: 'denied',
    code: 'CLAIM_MISSING',
    message: `The token does not say "${claim}", which user names are made of here.`,
    facts: { claim },
    log: `The claim ${claim} is missing (JSONWebTokenAuthenticator.username_claim_field).`,
    attributes,
  }
}

function notTrusted(log: string): Denial {
  return {
    kind: 'denied',
    code: 'TOKEN_NOT_TRUSTED',
    message: 'The token that you came with is not taken here.',
    hint: 'Begin again where you came from. Its administrator finds the reason in the log.',
    log,
  }
}
