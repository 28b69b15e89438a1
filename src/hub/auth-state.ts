/** What a sign-in gave, kept encrypted in the user's row as JupyterHub does (Fernet over JSON). */
import { encryptedAuthState, saveEncryptedAuthState } from '#store'
import type { HubContext } from './context.ts'
import { openText, sealText } from './crypt-keys.ts'
import { errors } from './routes/errors.ts'

type AuthState = Readonly<Record<string, unknown>>
export type AuthStateParts = Pick<HubContext, 'store' | 'settings' | 'cookieSecret' | 'clock' | 'random' | 'log'>

/**
 * Null when there is none, or when it was sealed with a key that is not ours any more. What an older one of our keys
 * had sealed is sealed with the newest, so that the old one can go after a while.
 */
export async function authState(parts: AuthStateParts, userId: number): Promise<Record<string, unknown> | null> {
  const sealed = await encryptedAuthState(parts.store.db, userId)
  if (sealed === null) return null
  const opened = openText(parts, sealed)
  const state = opened && record(opened.text)
  if (!opened || !state) {
    parts.log.warn({ user: userId }, 'auth_state was sealed with a key that is not configured; it counts as none')
    return null
  }
  if (opened.isOld) await write(parts, userId, state)
  return state
}

/** Errors: AUTH_STATE_OFF. */
export async function saveAuthState(parts: AuthStateParts, userId: number, state: AuthState | null): Promise<void> {
  const { authenticator, ways } = parts.settings()
  const isKept = authenticator.enableAuthState || ways.some(({ rules }) => rules.enableAuthState)
  if (!isKept) throw errors.AUTH_STATE_OFF(undefined)
  await write(parts, userId, state)
}

async function write(parts: AuthStateParts, userId: number, state: AuthState | null): Promise<void> {
  const sealed = state && sealText(parts, JSON.stringify(state))
  await saveEncryptedAuthState(parts.store.db, userId, sealed)
}

function record(text: string): Record<string, unknown> | null {
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
}

/** The variables that `env_from_auth_state` makes of it. What is not there, or is no text, is left out. */
export async function environmentFromAuthState(
  parts: AuthStateParts,
  userId: number,
): Promise<Readonly<Record<string, string>>> {
  const wanted = Object.assign({}, ...parts.settings().ways.map(({ rules }) => rules.envFromAuthState))
  if (Object.keys(wanted).length === 0) return {}
  const state = await authState(parts, userId)
  const found = Object.entries(wanted as Record<string, string>).map(([name, path]) => [name, textOf(state, path)])
  return Object.fromEntries(found.filter(([, value]) => value !== null))
}

function textOf(state: AuthState | null, path: string): string | null {
  const value = path
    .split('.')
    .reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? (at as AuthState)[key] : undefined), state)
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : null
}
