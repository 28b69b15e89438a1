/**
 * Whose headers are believed. A header is just text: whoever can reach the hub can write it. So it counts only when it
 * came from the web server that runs the service provider: the one that our proxy was spoken to by.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { addressList } from '#base/addresses.ts'
import type { Denial, Visit } from '../contract.ts'

export interface TrustSettings {
  readonly trustedProxies: readonly string[]
  readonly proxySecret: string | null
}

/** Carries the secret that the web server and the hub share. */
export const secretHeader = 'x-himalia-proxy-secret'

/** null: the headers are those of the web server. */
export function whyNotTrusted(visit: Visit, { trustedProxies, proxySecret }: TrustSettings): Denial | null {
  const [ours, peer] = visit.hops
  if (peer === undefined) {
    const log = `The request came from ${ours ?? 'nowhere'} itself, not through the proxy of the hub.`
    return { ...distrust, facts: { peer: ours ?? '' }, log }
  }
  if (!addressList(trustedProxies)(peer)) {
    const log = `${peer} is not in ShibbolethAuthenticator.trusted_proxies (${trustedProxies.join(', ')}).`
    return { ...distrust, facts: { peer }, log }
  }
  if (proxySecret !== null && !isSame(visit.headers[secretHeader], proxySecret))
    return { ...distrust, facts: { peer }, log: `${peer} did not send ShibbolethAuthenticator.proxy_secret.` }
  return null
}

const distrust = {
  kind: 'denied',
  code: 'SHIBBOLETH_PROXY_UNKNOWN',
  message: 'You did not come through the web server that signs people in here.',
  hint: 'Open the address of the hub that your institution gave you. Its administrator finds the reason in the log.',
} as const

/** Takes the same time whatever is wrong with it. */
function isSame(sent: string | string[] | undefined, expected: string): boolean {
  const [left, right] = [typeof sent === 'string' ? sent : '', expected].map((text) =>
    createHash('sha256').update(text).digest(),
  )
  return timingSafeEqual(left!, right!)
}
