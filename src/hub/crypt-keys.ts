/** Sealing with the keys of `CryptKeeper`, which may be rolled over: the newest seals, all open. */
import { hkdfSync } from 'node:crypto'
import { fernetDecrypt, fernetEncrypt, fernetKey } from '#base/fernet.ts'
import type { HubContext } from './context.ts'

type Parts = Pick<HubContext, 'settings' | 'cookieSecret' | 'clock' | 'random'>

export function sealText(parts: Parts, text: string): string {
  const [newest] = keysOf(parts)
  return fernetEncrypt(newest!, text, { now: parts.clock.now(), random: parts.random })
}

/** `isOld`: an older key had sealed it. null: none of the keys did. */
export function openText(parts: Parts, sealed: string): { readonly text: string; readonly isOld: boolean } | null {
  const opened = fernetDecrypt(keysOf(parts), sealed)
  return opened && { text: opened.text, isOld: opened.key > 0 }
}

/** The configured keys, newest first; the last is made of the hub's own secret, for what was kept before there were any. */
function keysOf({ settings, cookieSecret }: Pick<Parts, 'settings' | 'cookieSecret'>): Buffer[] {
  const configured = settings().hub.cryptKeys ?? process.env.JUPYTERHUB_CRYPT_KEY ?? []
  const texts = typeof configured === 'string' ? configured.split(';') : configured
  const keys = texts.map((text) => fernetKey(text.trim())).filter((key) => key !== null)
  return [...keys, Buffer.from(hkdfSync('sha256', cookieSecret, '', 'himalia auth state', 32))]
}
