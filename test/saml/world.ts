/** The authenticator with its configuration, its log, and browsers, for tests. */
import assert from 'node:assert/strict'
import type { Authenticator, AuthenticatorDeps, Denial, Recognised, Step } from '../../src/authenticators/contract.ts'
import { testDeps } from '../../src/authenticators/deps.fixture.ts'
import { create } from '../../src/authenticators/saml/index.ts'
import { type TestAttempts, testBrowser, type VisitFacts } from '../../src/authenticators/visit.fixture.ts'
import { loadConfig } from '../../src/config/index.ts'
import * as idp from './idp.ts'

export function idpMetadata({
  entityId = idp.idpId,
  certificates = [idp.idpKey.certificate],
  scopes = ['example.edu'],
  extra = '',
  role = '',
  attributes = '',
  signOn = 'https://idp.example.edu/sso',
}: {
  entityId?: string
  certificates?: readonly string[]
  scopes?: readonly string[]
  extra?: string
  /** Within the role, before its keys. */
  role?: string
  /** Of the role. */
  attributes?: string
  signOn?: string
} = {}): string {
  const keys = certificates.map(
    (pem) =>
      `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${pem.replace(/-----[A-Z ]+-----/g, '')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
  )
  const scope = scopes.map((one) => `<shibmd:Scope regexp="false">${one}</shibmd:Scope>`).join('')
  return (
    '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:shibmd="urn:mace:shibboleth:metadata:1.0" xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui"' +
    ` entityID="${entityId}">${extra}<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"${attributes}>` +
    `<md:Extensions>${scope}${role}</md:Extensions>${keys.join('')}` +
    '<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example.edu/slo"/>' +
    `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${signOn}"/>` +
    '</md:IDPSSODescriptor></md:EntityDescriptor>'
  )
}

export interface Line {
  readonly level: string
  readonly sentence: string
  readonly fields: object
}

export interface World {
  readonly authenticator: Authenticator
  readonly deps: AuthenticatorDeps & ReturnType<typeof testDeps>
  readonly lines: readonly Line[]
  readonly browser: (facts?: VisitFacts) => ReturnType<ReturnType<typeof testBrowser>>
  pass(ms: number): void
  /** One route, by method and path. */
  run(method: 'GET' | 'POST', path: string, facts?: VisitFacts): Promise<Step>
  /** Begins a sign-in and returns the ID of the request. */
  ask(): Promise<string>
  /** Posts an answer, from the browser that asked. */
  answer(field: string, facts?: VisitFacts): Promise<Step>
}

/** As `config.yaml` has it, with one identity provider that is known. */
export async function samlWorld(section: object = {}, { publicUrl = 'https://hub.example.org/' } = {}): Promise<World> {
  const config = {
    hub: {
      config: {
        JupyterHub: { authenticator_class: 'saml', ...(publicUrl && { public_url: publicUrl }) },
        SAMLAuthenticator: {
          allow_all: true,
          entity_id: idp.entityId,
          metadata: [{ content: idpMetadata() }],
          keys: [{ key: idp.spKey.pem, certificate: idp.spKey.certificate }],
          ...section,
        },
      },
    },
  }
  const { settings, problems } = await loadConfig({ text: JSON.stringify(config) })
  assert.ok(settings, JSON.stringify(problems, null, 1))
  const [way] = settings.ways
  const lines: Line[] = []
  const note = (level: string) => (fields: object, sentence: string) => void lines.push({ level, sentence, fields })
  const log = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error'), child: () => log }
  const base = testDeps()
  let now = idp.now
  const deps = { ...base, own: () => way!, settings: () => settings, log, clock: { ...base.clock, now: () => now } }
  const authenticator = create(deps)
  const attempts: TestAttempts = new Map()
  const browser = testBrowser(attempts)
  const run: World['run'] = async (method, path, facts = {}) => {
    const route = authenticator.routes!.find((one) => one.method === method && one.path === path)
    assert.ok(route, `${method} ${path}`)
    const visit = browser({ method, url: `https://hub.example.org/hub/${path}`, ...facts })
    const routeUrl = (of: string) =>
      of.startsWith('/') ? `https://hub.example.org${of}` : `https://hub.example.org/hub/${of}`
    return route.run({ ...visit, routeUrl, hubUrl: 'https://hub.example.org/hub/' })
  }
  return {
    authenticator,
    deps,
    lines,
    browser,
    pass(ms) {
      now += ms
    },
    run,
    async ask() {
      const before = new Set(attempts.keys())
      const step = await run('GET', 'saml/login', {})
      assert.ok(step.kind === 'redirect' || step.kind === 'post', JSON.stringify(step))
      return `_${[...attempts.keys()].find((id) => !before.has(id))}`
    },
    answer: (SAMLResponse, facts = {}) =>
      run('POST', 'saml/acs', { form: { SAMLResponse }, withoutCookies: true, ...facts }),
  }
}

export function identityIn(step: Step): Recognised['identity'] {
  assert.equal(step.kind, 'identity', JSON.stringify(step))
  return (step as Recognised).identity
}

export function denialIn(step: Step): Denial {
  assert.equal(step.kind, 'denied', JSON.stringify(step))
  return step as Denial
}
