/** What a sign-in gave, kept encrypted in the user's row as JupyterHub does (Fernet over JSON). */
import { hkdfSync } from 'node:crypto'
import { fernetDecrypt, fernetEncrypt, fernetKey } from '#base/fernet.ts'
import { encryptedAuthState, saveEncryptedAuthState } from '#store'
import type { HubContext } from '../context.ts'
import { errors } from './errors.ts'

type Keeping = Pick<HubContext, 'store' | 'settings' | 'cookieSecret'>
type AuthState = Readonly<Record<string, unknown>>

/** Null when there is none, or when it was sealed with a key that is not ours any more. */
export async function authState(context: Keeping, userId: number): Promise<Record<string, unknown> | null> {
  const sealed = await encryptedAuthState(context.store.db, userId)
  const opened = sealed === null ? null : fernetDecrypt(keysOf(context), sealed)
  return opened ? JSON.parse(opened.text) : null
}

/** Errors: AUTH_STATE_OFF. */
export async function saveAuthState(context: HubContext, userId: number, state: AuthState | null): Promise<void> {
  if (!context.settings().authenticator.enableAuthState) throw errors.AUTH_STATE_OFF(undefined)
  const [key] = keysOf(context)
  const deps = { now: context.clock.now(), random: context.random }
  await saveEncryptedAuthState(context.store.db, userId, state && fernetEncrypt(key!, JSON.stringify(state), deps))
}

/** The configured keys, newest first; without any, one made of the hub's own secret. */
function keysOf({ settings, cookieSecret }: Keeping): Buffer[] {
  const configured = settings().hub.cryptKeys
  const texts = typeof configured === 'string' ? configured.split(';') : (configured ?? [])
  const keys = texts.map((text) => fernetKey(text.trim())).filter((key) => key !== null)
  return keys.length > 0 ? keys : [Buffer.from(hkdfSync('sha256', cookieSecret, '', 'himalia auth state', 32))]
}
