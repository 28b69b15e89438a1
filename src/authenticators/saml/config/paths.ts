/** Where the hub listens for SAML: below /hub/, and where a Shibboleth service provider would. */
import { configErrors as errors } from './errors.ts'

export interface EndpointPaths {
  readonly login: string
  readonly discovery: string
  /** The first is the one in requests; answers may come to each. */
  readonly acs: readonly string[]
  readonly logout: readonly string[]
  /** Where people sign out by Shibboleth's address; null: nowhere. */
  readonly localLogout: string | null
  readonly metadata: readonly string[]
  readonly feed: readonly string[]
  readonly aliasesOfLogin: readonly string[]
}

/** `handler` is `/Shibboleth.sso` or empty. */
export function endpointPaths(handler: string, acsUrl: string): EndpointPaths {
  const base = handler.replace(/\/+$/, '').replace(/^(?=[^/])/, '/')
  const at = (path: string) => (base === '/' || base === '' ? [] : [`${base}${path}`])
  const registered = acsUrl === '' ? [] : [registeredPath(acsUrl)]
  return {
    login: 'saml/login',
    discovery: 'saml/discovery',
    acs: [...new Set([...registered, ...at('/SAML2/POST'), 'saml/acs'])],
    logout: [...at('/SLO/Redirect'), 'saml/logout'],
    localLogout: at('/Logout')[0] ?? null,
    metadata: [...at('/Metadata'), 'saml/metadata'],
    feed: [...at('/DiscoFeed'), 'saml/feed'],
    aliasesOfLogin: at('/Login'),
  }
}

/** `https://hub.example.org/hub/saml_acs` is the route `saml_acs`; a path outside of /hub/ keeps its slash. */
function registeredPath(url: string): string {
  const path = URL.canParse(url, 'https://hub.example.org') ? new URL(url, 'https://hub.example.org').pathname : ''
  const below = /^\/(?:.*\/)?hub\/(.+)$/.exec(path)?.[1]
  const route = below ?? path
  if (route === '' || route === '/' || /^(?:login|logout|api(?:\/.*)?|oauth_login|signup)$/.test(route))
    throw errors.SAML_ACS_PATH({ url })
  return route
}
