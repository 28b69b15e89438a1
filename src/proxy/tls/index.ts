/** TLS towards browsers: where certificates come from, how they stay fresh, and the plain port beside it. */
import type { Server } from 'node:http'
import type { Server as TlsServer } from 'node:https'
import type { TlsOptions } from 'node:tls'
import type { Clock } from '#base/clock.ts'
import type { Log } from '#base/log.ts'
import { errors } from '../errors.ts'
import type { TlsSettings, TlsSource } from '../options.ts'
import type { AcmeStore } from './acme/contract.ts'
import { folderStore } from './acme/folder-store.ts'
import { contextOptions } from './context.ts'
import { followFiles } from './files.ts'
import { readPair } from './pair.ts'
import { createRedirectServer, type RedirectDeps } from './redirect.ts'

export interface Tls {
  readonly options: TlsOptions
  /** Not listening yet; null where no plain port is wanted. */
  redirect(port: number, isReady: () => boolean): Server | null
  /** Keeps the certificates fresh until the signal. */
  follow(server: TlsServer, signal: AbortSignal): Promise<void>
}

export interface TlsDeps {
  readonly log: Log
  readonly clock: Clock
  /** Where the proxy is a pod: the Secret of that name. */
  readonly secretStore?: (name: string) => AcmeStore
}

type Certificates = Pick<Tls, 'options' | 'follow'> & Pick<RedirectDeps, 'challenge' | 'obstacle'>

/** Errors: PROXY_CERTIFICATE_UNREADABLE, _MISMATCH, _EXPIRED, PROXY_NO_CLUSTER. */
export async function openTls(settings: TlsSettings, deps: TlsDeps): Promise<Tls> {
  const { source, redirectPort, redirectTo } = settings
  const { challenge, obstacle, ...own } =
    source.kind === 'files' ? await ofFiles(source, settings, deps) : await ofAcme(source, settings, deps)
  return {
    ...own,
    redirect: (port, isReady) =>
      redirectPort === null ? null : createRedirectServer({ toPort: redirectTo ?? port, isReady, challenge, obstacle }),
  }
}

type Of<K> = Extract<TlsSource, { kind: K }>

async function ofFiles(files: Of<'files'>, { ciphers }: TlsSettings, deps: TlsDeps): Promise<Certificates> {
  const first = await readPair(files, deps.clock.now())
  return {
    options: contextOptions(first, ciphers),
    follow: (server, signal) => followFiles(server, { files, first }, { ...deps, ciphers }, signal),
    challenge: async () => null,
    obstacle: () => null,
  }
}

async function ofAcme(
  { hosts, server, keep }: Of<'acme'>,
  { ciphers }: TlsSettings,
  deps: TlsDeps,
): Promise<Certificates> {
  const store = keep.kind === 'folder' ? folderStore(keep.name) : deps.secretStore?.(keep.name)
  if (!store) throw errors.PROXY_NO_CLUSTER({ name: keep.name })
  // Its library is large, and most proxies get their certificates elsewhere.
  const { AcmeCertificates } = await import('./acme/index.ts')
  const certificates = new AcmeCertificates({ hosts, server, store, ciphers }, deps)
  await certificates.load()
  return {
    options: certificates.tlsOptions,
    follow: (_server, signal) => certificates.run(signal),
    challenge: (token) => certificates.challenge(token),
    obstacle: (host) => certificates.obstacle(host),
  }
}
