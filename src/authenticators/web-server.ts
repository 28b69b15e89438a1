/**
 * Whose headers are believed. A header is just text: whoever can reach the hub can write it. So it counts only when it
 * came from the web server that signs people in: the one that our proxy was spoken to by.
 */
import { networkInterfaces } from 'node:os'
import { addressList } from '#base/addresses.ts'
import type { AuthenticatorDeps, Denial, Visit } from './contract.ts'
import { errors } from './errors.ts'
import { isSameText } from './same-text.ts'

export interface WebServerSettings {
  readonly trustedProxies: readonly string[]
  readonly proxySecret: string | null
  readonly trustThisMachine: boolean
}

/** Carries the secret that the web server and the hub share. */
export const secretHeader = 'x-himalia-proxy-secret'

type Deps = Pick<AuthenticatorDeps, 'own' | 'serversAreHere'>

/**
 * Servers of users that are processes of this machine can open the same connection as a web server here; so an address
 * of this machine alone says nothing. Errors: HEADERS_OF_THIS_MACHINE.
 */
export function checkWebServer(deps: Deps): void {
  const trust = trustOf(deps)
  const believed = addressesHere().filter(addressList(trust.trustedProxies))
  const [address] = believed
  if (address === undefined || !needsMore(deps, trust)) return
  throw errors.HEADERS_OF_THIS_MACHINE({ className: deps.own().className, address })
}

/** null: the headers are those of the web server. */
export function whyNotTrusted(visit: Visit, deps: Deps): Denial | null {
  const trust = trustOf(deps)
  const { trustedProxies, proxySecret } = trust
  const { className } = deps.own()
  const [ours, peer] = visit.hops
  if (peer === undefined) {
    const log = `The request came from ${ours ?? 'nowhere'} itself, not through the proxy of the hub.`
    return { ...distrust, facts: { peer: ours ?? '' }, log }
  }
  if (!addressList(trustedProxies)(peer)) {
    const log = `${peer} is not in ${className}.trusted_proxies (${trustedProxies.join(', ')}).`
    return { ...distrust, facts: { peer }, log }
  }
  if (proxySecret !== null && !isSameText(single(visit.headers[secretHeader]), proxySecret))
    return { ...distrust, facts: { peer }, log: `${peer} did not send ${className}.proxy_secret.` }
  // The configuration may have changed since the start.
  if (needsMore(deps, trust) && addressList(['127.0.0.0/8', ...addressesHere()])(peer))
    return { ...distrust, facts: { peer }, log: `${peer} is this machine, where users have programs, too.` }
  return null
}

/** Safe: every class that asks has these traits. */
const trustOf = ({ own }: Deps): WebServerSettings => own().options as unknown as WebServerSettings

function needsMore({ serversAreHere }: Deps, { proxySecret, trustThisMachine }: WebServerSettings): boolean {
  return serversAreHere && proxySecret === null && !trustThisMachine
}

function addressesHere(): readonly string[] {
  const others = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address))
  return [...new Set(['127.0.0.1', '::1', ...others])]
}

const distrust = {
  kind: 'denied',
  code: 'WEB_SERVER_UNKNOWN',
  message: 'You did not come through the web server that signs people in here.',
  hint: 'Open the address of the hub that your institution gave you. Its administrator finds the reason in the log.',
} as const

const single = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '')

/** What web servers write for a variable that is empty, and what is no text at all. */
export function isNoName(text: string): boolean {
  return /^(?:|\(null\)|-|null)$/i.test(text.trim()) || /\p{Cc}/u.test(text)
}
