/** The way to an identity provider: the only one, the one that was chosen, or the page to choose. */
import type { Step, Visit } from '../../contract.ts'
import { authnRequest } from '../messages/authn-request.ts'
import { redirectUrl } from '../messages/redirect-binding.ts'
import type { IdentityProvider } from '../metadata/entity.ts'
import { bindings } from '../names.ts'
import { type Asked, entityIdOf, findProvider, messageId, type Parts } from '../parts.ts'
import { denialOf } from '../refusals.ts'
import { refuse } from '../response/index.ts'
import { signDocument } from '../security/sign.ts'

export async function login(parts: Parts, visit: Visit): Promise<Step> {
  const chosen = visit.url.searchParams.get('entityID') || (await onlyProvider(parts))
  if (chosen) return begin(parts, visit, chosen)
  if (visit.url.searchParams.has('SAMLDS')) return nothingChosen
  return choose(parts, visit)
}

/** The page where people choose came back without a choice. */
const nothingChosen: Step = {
  kind: 'denied',
  code: 'SAML_NOTHING_CHOSEN',
  message: 'No institution was chosen.',
  hint: 'Sign in again and choose the institution that you belong to.',
}

async function onlyProvider({ sp, metadata }: Parts): Promise<string | null> {
  if (sp.identityProviders.length === 1) return sp.identityProviders[0]!
  const isQueried = sp.sources.some(({ kind }) => kind === 'mdq')
  if (isQueried || sp.identityProviders.length > 1) return null
  const choices = await metadata.choices()
  return choices.length === 1 ? choices[0]!.entityId : null
}

/** https://docs.oasis-open.org/security/saml/Post2.0/sstc-saml-idp-discovery.pdf */
function choose(parts: Parts, visit: Visit): Step {
  const { sp } = parts
  const back = new URL(visit.routeUrl(sp.paths.login))
  if (visit.next !== null) back.searchParams.set('next', visit.next)
  if (sp.discoveryService === null) {
    const own = new URL(visit.routeUrl(sp.paths.discovery))
    own.search = back.search
    return { kind: 'redirect', url: own.href }
  }
  back.searchParams.set('SAMLDS', '1')
  const service = new URL(sp.discoveryService)
  service.searchParams.set('entityID', entityIdOf(parts, visit))
  service.searchParams.set('return', back.href)
  service.searchParams.set('returnIDParam', 'entityID')
  return { kind: 'redirect', url: service.href }
}

async function begin(parts: Parts, visit: Visit, entityId: string): Promise<Step> {
  const idp = await findProvider(parts, entityId)
  if (!idp) {
    const problems = await parts.metadata.problems()
    const why = `there is no metadata of ${entityId.slice(0, 300)} that this hub takes. ${problems.join(' ')}`.trim()
    return denialOf(refuse('SAML_ISSUER_UNKNOWN', why), { entityId: entityId.slice(0, 300) })
  }
  return ask(parts, visit, idp)
}

async function ask(parts: Parts, visit: Visit, idp: IdentityProvider): Promise<Step> {
  const { sp, deps } = parts
  const endpoint = [bindings.redirect, bindings.post]
    .map((binding) => idp.singleSignOn.find((one) => one.binding === binding))
    .find((one) => one !== undefined)
  const needsKey = idp.wantsSignedRequests || sp.options.signRequests
  const [signer] = sp.keys
  const why = !endpoint
    ? 'its metadata has no SingleSignOnService for HTTP-Redirect or HTTP-POST'
    : needsKey && !signer
      ? 'it wants signed requests, and SAMLAuthenticator.keys is empty'
      : null
  if (why !== null || !endpoint)
    return denialOf(refuse('SAML_ISSUER_UNKNOWN', `${idp.entityId} can't be asked: ${why}`), { idp })
  const now = deps.clock.now()
  const id = await visit.begin({ kind: 'sign-in', idp: idp.entityId, at: now } satisfies Asked)
  const xml = authnRequest({
    id: messageId(id),
    now,
    entityId: entityIdOf(parts, visit),
    acsUrl: visit.routeUrl(sp.paths.acs[0]!),
    destination: endpoint.location,
    forceAuthn: sp.options.forceAuthn,
    isPassive: false,
    contexts: sp.options.authnContexts,
    nameIdFormat: sp.options.nameidFormat,
  })
  if (endpoint.binding === bindings.redirect) {
    const key = needsKey ? signer!.key : null
    const message = { to: endpoint.location, field: 'SAMLRequest', xml, relayState: id, key } as const
    return { kind: 'redirect', url: redirectUrl(message) }
  }
  const document = needsKey ? signDocument(xml, signer!) : xml
  const fields = { SAMLRequest: Buffer.from(document).toString('base64'), RelayState: id }
  return { kind: 'post', url: endpoint.location, fields }
}

/** `/Shibboleth.sso/Login?entityID=…&target=…`, as bookmarks and portals have it. */
export function loginAlias({ sp }: Parts, visit: Visit): Step {
  const { searchParams } = visit.url
  const to = new URL(visit.routeUrl(sp.paths.login))
  const target = searchParams.get('target')
  const entityId = searchParams.get('entityID')
  if (entityId) to.searchParams.set('entityID', entityId)
  if (target && URL.canParse(target, to) && new URL(target, to).origin === to.origin) {
    const { pathname, search } = new URL(target, to)
    to.searchParams.set('next', `${pathname}${search}`)
  }
  return { kind: 'redirect', url: to.href }
}
