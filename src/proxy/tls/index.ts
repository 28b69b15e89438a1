/** TLS towards browsers: where the pair comes from, how it stays fresh, and the plain port beside it. */
import type { Server } from 'node:http'
import type { Server as TlsServer } from 'node:https'
import type { TlsOptions } from 'node:tls'
import type { Clock } from '#base/clock.ts'
import type { Log } from '#base/log.ts'
import type { TlsSettings } from '../options.ts'
import { contextOptions } from './context.ts'
import { followFiles } from './files.ts'
import { readPair } from './pair.ts'
import { createRedirectServer } from './redirect.ts'

export interface Tls {
  readonly options: TlsOptions
  /** Not listening yet; null where no plain port is wanted. */
  redirect(port: number, isReady: () => boolean): Server | null
  /** Keeps the listener's pair fresh until the signal. */
  follow(server: TlsServer, signal: AbortSignal): Promise<void>
}

/** Errors: PROXY_CERTIFICATE_UNREADABLE, _MISMATCH, _EXPIRED. */
export async function openTls(settings: TlsSettings, deps: { log: Log; clock: Clock }): Promise<Tls> {
  const { files, ciphers, redirectPort, redirectTo } = settings
  const first = await readPair(files, deps.clock.now())
  return {
    options: contextOptions(first, ciphers),
    redirect: (port, isReady) =>
      redirectPort === null
        ? null
        : createRedirectServer({ toPort: redirectTo ?? port, isReady, challenge: async () => null }),
    follow: (server, signal) => followFiles(server, { files, first }, { ...deps, ciphers }, signal),
  }
}
