import type { Authenticator, AuthenticatorDeps } from '../contract.ts'
import type { ByLanguage, SamlOptions } from './config/options.ts'
import { serviceProvider } from './config/service-provider.ts'
import { createMetadataStore } from './metadata/store.ts'
import type { Parts } from './parts.ts'
import { routesOf, signOut } from './routes/index.ts'
import { watchCertificates } from './watch-certificates.ts'

/** SAML 2.0 by the hub itself: no web server with a service provider has to stand in front. */
export function create(deps: AuthenticatorDeps): Authenticator {
  const { id, options } = deps.own()
  // Safe: the options are those of the class's table.
  const sp = serviceProvider(options as unknown as SamlOptions, { publicUrl: deps.settings().hub.publicUrl })
  const { skewMs } = sp
  const metadata = createMetadataStore(sp.sources, { ...deps, skewMs, blocked: sp.options.blockedAlgorithms })
  const parts: Parts = { deps, sp, metadata }
  return {
    name: 'saml',
    id,
    service: inEnglish(sp.options.serviceName),
    kind: 'redirect',
    asksPassword: false,
    signInPath: sp.paths.login,
    routes: routesOf(parts),
    authenticate: async () => ({
      kind: 'denied',
      code: 'SAML_NO_FORM',
      message: 'Your institution signs you in; there is no form for it here.',
    }),
    signOut: (session, visit) => signOut(parts, session, visit),
    async run(signal) {
      await Promise.all([metadata.run(signal), watchCertificates(sp.keys, { ...deps, signal })])
    },
  }
}

function inEnglish(texts: ByLanguage): string {
  return typeof texts === 'string' ? texts : (texts.en ?? Object.values(texts)[0] ?? 'SAML')
}
