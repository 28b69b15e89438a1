/** The second factor: one-time codes of an authenticator app (RFC 6238), and recovery codes for when it is lost. */
import { randomInt } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import {
  addFailure,
  clearFailures,
  failuresOf,
  firstTime,
  type SecondFactorRow,
  saveSecondFactor,
  setRecoveryCodes,
  takeRecoveryCode,
} from '#store'
import type { HubContext } from './context.ts'
import { openText, sealText } from './crypt-keys.ts'

type Parts = Pick<HubContext, 'store' | 'settings' | 'cookieSecret' | 'clock' | 'random' | 'log'>

const stepSeconds = 30
/** Clocks of telephones are off by some seconds. */
const window = 1
const secretBytes = 20
const recoveryCodes = 10
const mostWrong = 5
const lockMs = 10 * 60_000

export const newSecret = ({ random }: Pick<Parts, 'random'>): string =>
  new Secret({ buffer: new Uint8Array(random.bytes(secretBytes)).buffer }).base32

/** What the app reads as a picture: `otpauth://totp/…`. */
export function secretUri(secret: string, { issuer, userName }: { issuer: string; userName: string }): string {
  return totpOf(secret, issuer, userName).toString()
}

/** The step of time that the code is of; null: it is wrong. */
export function stepOf(secret: string, code: string, now: number): number | null {
  const delta = totpOf(secret).validate({ token: code.replace(/\s/g, ''), window, timestamp: now })
  return delta === null ? null : Math.floor(now / 1000 / stepSeconds) + delta
}

function totpOf(secret: string, issuer = '', label = ''): TOTP {
  return new TOTP({ issuer, label, algorithm: 'SHA1', digits: 6, period: stepSeconds, secret })
}

export type CodeOutcome =
  | { readonly kind: 'right' | 'recovery' | 'wrong' }
  | { readonly kind: 'locked'; readonly leftMs: number }
  /** It was sealed with a key that is gone: an administrator must take it away. */
  | { readonly kind: 'unreadable' }

/** Each code is good once; after some wrong ones there is a pause, for all hubs together. */
export async function tryCode(parts: Parts, factor: SecondFactorRow, typed: string): Promise<CodeOutcome> {
  const { store, clock } = parts
  const { userId } = factor
  const key = `second factor ${userId}`
  const { count, lastAt } = await failuresOf(store.db, key, clock.now())
  const leftMs = lastAt + lockMs - clock.now()
  if (count >= mostWrong && leftMs > 0) return { kind: 'locked', leftMs }
  // Counted before it is known, so that many at once are counted, too.
  const now = clock.now()
  if ((await addFailure(store.db, { key, now, forgetAt: now + lockMs })) > mostWrong)
    return { kind: 'locked', leftMs: lockMs }
  const kind = await kindOf(parts, factor, typed)
  if (kind === 'right' || kind === 'recovery') await clearFailures(store.db, key)
  return { kind }
}

async function kindOf(
  parts: Parts,
  { userId, sealed }: SecondFactorRow,
  typed: string,
): Promise<'right' | 'recovery' | 'wrong' | 'unreadable'> {
  const { store, clock } = parts
  const recovery = typed.toLowerCase().replace(/[\s-]/g, '')
  if (/^[a-z2-7]{10}$/.test(recovery))
    return (await takeRecoveryCode(store.db, userId, recovery)) ? 'recovery' : 'wrong'
  const opened = openText(parts, sealed)
  if (!opened) return 'unreadable'
  const now = clock.now()
  const step = stepOf(opened.text, typed, now)
  if (step === null) return 'wrong'
  const until = now + (2 * window + 2) * stepSeconds * 1000
  return (await firstTime(store.db, `second factor ${userId} ${step}`, until)) ? 'right' : 'wrong'
}

/** Sets it up, and returns the recovery codes, which are shown this once. */
export async function setUpSecondFactor(parts: Parts, userId: number, secret: string): Promise<readonly string[]> {
  const codes = newRecoveryCodes()
  const now = parts.clock.now()
  await saveSecondFactor(parts.store.db, { userId, sealed: sealText(parts, secret), recovery: codes, now })
  return codes.map(readable)
}

/** New ones: the old are good for nothing any more. */
export async function renewRecoveryCodes({ store }: Parts, userId: number): Promise<readonly string[]> {
  const codes = newRecoveryCodes()
  await setRecoveryCodes(store.db, userId, codes)
  return codes.map(readable)
}

const letters = 'abcdefghijklmnopqrstuvwxyz234567'

function newRecoveryCodes(): readonly string[] {
  const code = () => Array.from({ length: 10 }, () => letters[randomInt(letters.length)]).join('')
  return Array.from({ length: recoveryCodes }, code)
}

const readable = (code: string): string => `${code.slice(0, 5)}-${code.slice(5)}`
