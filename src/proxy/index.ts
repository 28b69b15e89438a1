/** The proxy: a stand-alone process that knows routes, a prefix and a target each, and nothing of users. */
export { proxyCommand } from './main.ts'
export type { ProxyOptions } from './options.ts'
export { type RunningProxy, startProxy } from './start.ts'
export type { ProcessRecord } from './state/process-files.ts'
export { type AcmeState, type AcmeStore, emptyState } from './tls/acme/contract.ts'
