/** What an ACME server gave us, and what several proxies share of it. */
import type { Millis } from '#base/clock.ts'

export interface AcmeState {
  /** PEM: who we are to the ACME server. */
  readonly accountKey: string | null
  readonly accountUrl: string | null
  /** By host name. PEM, the certificate with those of its issuers. */
  readonly certificates: Readonly<Record<string, { readonly key: string; readonly cert: string }>>
  /** What proves that a host is ours, by the token that the ACME server asks for. */
  readonly challenges: Readonly<Record<string, string>>
  /** Who asks for certificates just now, until when nobody else does. */
  readonly worker: { readonly id: string; readonly until: Millis } | null
}

export const emptyState: AcmeState = {
  accountKey: null,
  accountUrl: null,
  certificates: {},
  challenges: {},
  worker: null,
}

/** Where the state outlives a proxy; all proxies of a release have the same. */
export interface AcmeStore {
  read(): Promise<AcmeState>
  /** Changes what is there; again when another changed it meanwhile. null: nothing is to be changed. */
  change(update: (state: AcmeState) => AcmeState | null): Promise<AcmeState>
}
