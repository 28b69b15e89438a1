/**
 * Where a request really comes from. The nearest hop is our own proxy on this machine; others are trusted when the
 * configuration names them. Of the addresses in X-Forwarded-For, those that trusted hops added are peeled off.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { addressList } from '#base/addresses.ts'

/** Whether the hop at this address is believed: loopback always, and the addresses or CIDRs listed. */
export function trustedHops(listed: () => readonly string[]): (address: string | undefined) => boolean {
  let known: readonly string[] | null = null
  let isTrusted = addressList([])
  return (address) => {
    if (known !== listed()) {
      known = listed()
      isTrusted = addressList(['127.0.0.0/8', '::1', ...known])
    }
    return isTrusted(address)
  }
}

/**
 * The protocol that the browser speaks, as JupyterHub finds it: the first `proto` of Forwarded, else X-Scheme, else the
 * first of X-Forwarded-Proto; null when no header tells. Only to be asked of a trusted hop. The first entry, though
 * the browser may forge it, since a hop in front of ours that ends TLS need not be known by address: the worst that a
 * browser gets by lying is cookies that it can't send back.
 */
export function forwardedProtocol(headers: IncomingHttpHeaders): 'http' | 'https' | null {
  const forwarded = /(?:^|[;,\s])proto="?(\w+)/i.exec(single(headers.forwarded)?.split(',')[0] ?? '')?.[1]
  const named = forwarded ?? single(headers['x-scheme']) ?? single(headers['x-forwarded-proto'])?.split(',')[0]
  const protocol = named?.trim().toLowerCase()
  return protocol === 'http' || protocol === 'https' ? protocol : null
}

/**
 * Leaves one meaning in the forwarding headers, so that all who read them agree: X-Forwarded-Proto is what
 * `forwardedProtocol` says, and X-Forwarded-Host is gone (the Host header comes through our proxy unchanged).
 */
export function settleForwarding(headers: IncomingHttpHeaders): void {
  const protocol = forwardedProtocol(headers)
  delete headers['x-forwarded-host']
  if (protocol) headers['x-forwarded-proto'] = protocol
  else delete headers['x-forwarded-proto']
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'object' ? value[0] : value
}
