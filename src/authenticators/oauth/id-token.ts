/** ID tokens of providers whose keys are not known by discovery. */
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, errors as joseErrors, jwtVerify } from 'jose'
import { messageOf } from '#base/errors.ts'
import type { Denial } from '../contract.ts'
import { denied } from './denials.ts'
import { type Http, jsonRecord } from './http.ts'

/** Signatures by a key pair only: a secret that both sides know proves nothing to a third. */
export const algorithms: readonly string[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]

const skewSeconds = 60

/** Only for tokens that came straight from the token endpoint. Audience and expiry are looked at. */
export function unverifiedClaims(
  token: string,
  { clientId, now }: { clientId: string; now: number },
): Readonly<Record<string, unknown>> | Denial {
  try {
    const claims = decodeJwt(token)
    if (![claims.aud].flat().includes(clientId)) return denied.notTrusted('the ID token is for another client')
    if (typeof claims.exp !== 'number' || claims.exp * 1000 < now - skewSeconds * 1000) {
      return denied.notTrusted('the ID token has expired')
    }
    return claims
  } catch (error) {
    return denied.notTrusted(`the ID token can't be read: ${messageOf(error)}`)
  }
}

export interface KeysOf {
  readonly http: Http
  readonly jwksUrl: string
}

export interface Expected {
  readonly audience: string
  readonly issuer: string | ((issuer: string, claims: Readonly<Record<string, unknown>>) => boolean)
  readonly now: number
}

const kept = new WeakMap<Http, Map<string, { keys: JSONWebKeySet; at: number }>>()
const oldestMs = 3_600_000
const newestMs = 30_000

/** The claims, once signature, audience, issuer and times are right. */
export async function verifiedClaims(
  token: string,
  { http, jwksUrl }: KeysOf,
  { audience, issuer, now }: Expected,
): Promise<Readonly<Record<string, unknown>> | Denial> {
  const verify = async (keys: JSONWebKeySet) =>
    jwtVerify(token, createLocalJWKSet(keys), {
      algorithms: [...algorithms],
      audience,
      clockTolerance: skewSeconds,
      currentDate: new Date(now),
      requiredClaims: ['iss', 'sub', 'exp', 'iat'],
      ...(typeof issuer === 'string' ? { issuer } : {}),
    })
  try {
    const { payload } = await verify(await keysAt(http, jwksUrl, now, false)).catch(async (error) => {
      // The keys may have been changed since they were read.
      if (!(error instanceof joseErrors.JWKSNoMatchingKey)) throw error
      return verify(await keysAt(http, jwksUrl, now, true))
    })
    const { azp, aud } = payload
    if ((azp !== undefined && azp !== audience) || ([aud].flat().length > 1 && azp === undefined)) {
      return denied.notTrusted('unexpected "azp" claim value')
    }
    if (typeof issuer !== 'string' && !issuer(payload.iss!, payload)) {
      return denied.notTrusted('unexpected "iss" claim value')
    }
    return payload
  } catch (error) {
    if (error instanceof joseErrors.JOSEError) return denied.notTrusted(`${error.code}: ${error.message}`)
    throw error
  }
}

async function keysAt(http: Http, url: string, now: number, isAgain: boolean): Promise<JSONWebKeySet> {
  const ofHttp = kept.get(http) ?? new Map()
  kept.set(http, ofHttp)
  const known = ofHttp.get(url)
  if (known && now - known.at < (isAgain ? newestMs : oldestMs)) return known.keys
  const record = jsonRecord(await http.ask(url))
  const keys = { keys: Array.isArray(record?.keys) ? record.keys : [] } as JSONWebKeySet
  ofHttp.set(url, { keys, at: now })
  return keys
}
