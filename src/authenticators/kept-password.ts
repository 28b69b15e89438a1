/** Checking a password that the hub keeps: with a lock after wrong ones, for all hubs of a database together. */
import { messageOf } from '#base/errors.ts'
import type { Cost } from './argon2.ts'
import type { AuthenticatorDeps, Denial, StoredPassword } from './contract.ts'
import { hashPassword, isOldHash, maxPasswordLength, nobodysHash, passwordMatches } from './password.ts'

export interface LockRule {
  /** 0: never locked. */
  readonly allowed: number
  readonly lockMs: number
}

export interface PasswordTry {
  readonly name: string
  readonly password: string
  readonly lock: LockRule
  readonly cost: Cost
  /** Where anybody may take a name, an unknown one need not cost as much time as a known one. */
  readonly namesAreOpen?: boolean
}

/** `unknown`: nobody of that name has one. */
export type PasswordOutcome =
  | { readonly kind: 'right'; readonly stored: StoredPassword }
  | { readonly kind: 'unknown' }
  | Denial

export async function checkPassword(deps: AuthenticatorDeps, tried: PasswordTry): Promise<PasswordOutcome> {
  const { name, password, lock, cost } = tried
  const key = `password ${name}`
  const locked = await lockedDenial(deps, key, lock)
  if (locked) return locked
  if (name === '' || password === '' || password.length > maxPasswordLength * 2) return invalid
  // Counted before it is known, so that many at once are counted, too.
  if (lock.allowed > 0 && (await deps.failures.add(key, lock.lockMs)) > lock.allowed) return lockedFor(lock.lockMs)
  const stored = await deps.passwords.find(name)
  if (!stored && tried.namesAreOpen) return { kind: 'unknown' }
  const isRight = await passwordMatches(password, stored?.hash ?? nobodysHash(cost))
  if (!stored) return { kind: 'unknown' }
  if (!isRight) return invalid
  if (lock.allowed > 0) await deps.failures.clear(key)
  await renewHash(deps, { ...tried, stored })
  return { kind: 'right', stored }
}

async function lockedDenial(
  { failures, clock }: AuthenticatorDeps,
  key: string,
  lock: LockRule,
): Promise<Denial | null> {
  if (lock.allowed === 0) return null
  const { count, lastAt } = await failures.count(key)
  const leftMs = lastAt + lock.lockMs - clock.now()
  return count >= lock.allowed && leftMs > 0 ? lockedFor(leftMs) : null
}

/** What is right today may be weak tomorrow: a hash of another kind is made anew while the password is at hand. */
async function renewHash(
  { passwords, random, log }: AuthenticatorDeps,
  { name, password, stored, cost }: PasswordTry & { stored: StoredPassword },
): Promise<void> {
  if (!isOldHash(stored.hash, cost)) return
  try {
    await passwords.save(name, { hash: await hashPassword(password, random, cost), isApproved: stored.isApproved })
  } catch (error) {
    log.warn({ user: name, error: messageOf(error) }, 'Password hash could not be renewed')
  }
}

function lockedFor(ms: number): Denial {
  const minutes = Math.ceil(ms / 60_000)
  const message = `Too many wrong passwords. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`
  return { kind: 'denied', code: 'LOCKED_OUT', message, facts: { minutes } }
}

export const invalid: Denial = { kind: 'denied', code: 'CREDENTIALS_INVALID', message: 'Invalid username or password' }
