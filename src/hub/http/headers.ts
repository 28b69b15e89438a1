/** Headers that every answer of the hub has. */
import { type HubUrls, jupyterHubVersion } from '../context.ts'

type Headers = Readonly<Record<string, string>>

export interface StandardHeaders {
  readonly page: Headers
  readonly api: Headers
}

/** `extra` are the administrator's, and win. */
export function standardHeaders({ hub }: HubUrls, extra: Headers): StandardHeaders {
  const policy = `frame-ancestors 'none'; report-uri ${hub}security/csp-report`
  const page = {
    // Servers compare it with their own, and refuse to start when it is no version.
    'x-jupyterhub-version': jupyterHubVersion,
    'access-control-allow-headers': 'accept, content-type, authorization',
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
  }
  const api = { ...page, 'content-security-policy': `${policy}; default-src 'none'` }
  const own = Object.fromEntries(Object.entries(extra).map(([name, value]) => [name.toLowerCase(), value]))
  return { page: { ...page, ...own }, api: { ...api, ...own } }
}

/** The same, worked out again only when the settings change. */
export function headersFor(urls: HubUrls, extra: () => Headers): () => StandardHeaders {
  let known: Headers | null = null
  let headers: StandardHeaders
  return () => {
    const given = extra()
    if (given !== known) {
      known = given
      headers = standardHeaders(urls, given)
    }
    return headers
  }
}
