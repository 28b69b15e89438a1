/** What tokens are checked with: a shared secret, a certificate, or the key set of the issuer. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose'
import { messageOf } from '#base/errors.ts'
import type { JwtSettings } from '#config'
import type { AuthenticatorDeps } from '../contract.ts'
import { errors } from '../errors.ts'

export interface JwtKeys {
  /** Either those of a secret or those of key pairs, so that a public key never serves as a secret. */
  readonly algorithms: readonly string[]
  readonly key: JWTVerifyGetKey
}

const ofSecrets = ['HS256']
const ofKeyPairs = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']
const weakBytes = 32

/** A secret wins over a certificate, as in jwtauthenticator. Errors: OPTION_MISSING, JWT_KEY_UNREADABLE. */
export async function jwtKeys(deps: AuthenticatorDeps): Promise<JwtKeys> {
  // Safe: `config` gives each way the options of its class.
  const { secret, signingCertificate, jwksUrl } = deps.own().options as unknown as JwtSettings
  if (secret !== '') {
    const key = Buffer.from(secret)
    if (key.length < weakBytes)
      deps.log.warn({ bytes: key.length }, 'The secret of tokens can be guessed: take 32 bytes')
    return { algorithms: ofSecrets, key: async () => key }
  }
  if (signingCertificate !== '') {
    const key = await publicKey(signingCertificate)
    return { algorithms: ofKeyPairs, key: async () => key }
  }
  if (jwksUrl !== null) {
    const set = createRemoteJWKSet(new URL(jwksUrl))
    return { algorithms: ofKeyPairs, key: set }
  }
  const names = ['secret, signing_certificate or jwks_url']
  throw errors.OPTION_MISSING({ className: 'JSONWebTokenAuthenticator', names })
}

async function publicKey(file: string): Promise<KeyObject> {
  try {
    return createPublicKey(await readFile(file))
  } catch (cause) {
    throw errors.JWT_KEY_UNREADABLE({ file, why: messageOf(cause) }, cause)
  }
}
