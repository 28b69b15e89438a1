/** Headers that every answer of the hub has. */
import { type HubUrls, jupyterHubVersion } from '../context.ts'

export interface StandardHeaders {
  readonly page: Readonly<Record<string, string>>
  readonly api: Readonly<Record<string, string>>
}

export function standardHeaders({ hub }: HubUrls): StandardHeaders {
  const policy = `frame-ancestors 'none'; report-uri ${hub}security/csp-report`
  const page = {
    // Servers compare it with their own, and refuse to start when it is no version.
    'x-jupyterhub-version': jupyterHubVersion,
    'access-control-allow-headers': 'accept, content-type, authorization',
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
  }
  return { page, api: { ...page, 'content-security-policy': `${policy}; default-src 'none'` } }
}
