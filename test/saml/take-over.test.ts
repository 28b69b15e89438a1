/** The registration of a Shibboleth service provider goes on with the hub in its place. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import * as idp from './idp.ts'
import { identityIn, idpMetadata, samlWorld } from './world.ts'

const folder = mkdtempSync(join(tmpdir(), 'himalia-take-over-'))
after(() => rmSync(folder, { recursive: true, force: true }))

writeFileSync(join(folder, 'sp-key.pem'), idp.spKey.pem)
writeFileSync(join(folder, 'sp-cert.pem'), idp.spKey.certificate)
writeFileSync(join(folder, 'idp.xml'), idpMetadata())
writeFileSync(
  join(folder, 'attribute-map.xml'),
  '<Attributes xmlns="urn:mace:shibboleth:2.0:attribute-map"><!-- ours --><Attribute name="urn:campus:login" id="login"/></Attributes>',
)
writeFileSync(
  join(folder, 'shibboleth2.xml'),
  `<SPConfig xmlns="urn:mace:shibboleth:3.0:native:sp:config"><!-- as Debian has it -->
  <ApplicationDefaults entityID="https://hub.example.org/shibboleth">
    <Sessions handlerURL="/Shibboleth.sso"><SSO entityID="${idp.idpId}">SAML2</SSO></Sessions>
    <MetadataProvider type="XML" validate="true" path="idp.xml"/>
    <AttributeExtractor type="XML" validate="true" path="attribute-map.xml"/>
    <CredentialResolver type="File" use="signing" key="sp-key.pem" certificate="sp-cert.pem"/>
    <CredentialResolver type="File" use="encryption" key="sp-key.pem" certificate="sp-cert.pem"/>
  </ApplicationDefaults></SPConfig>`,
)

const section = { shibboleth_dir: folder, entity_id: '', metadata: [], keys: [], user_name: ['login'] }
const acs = '/Shibboleth.sso/SAML2/POST'

test('its name, key, addresses and attribute map are taken over, so nothing is registered anew', async () => {
  const world = await samlWorld(section)
  const metadata = (await world.run('GET', '/Shibboleth.sso/Metadata')) as { body: string }
  assert.match(metadata.body, /entityID="https:\/\/hub\.example\.org\/shibboleth"/)
  assert.match(metadata.body, /Location="https:\/\/hub\.example\.org\/Shibboleth\.sso\/SAML2\/POST" index="1"/)
  assert.ok(metadata.body.includes(idp.spKey.certificate.replace(/-----[A-Z ]+-----|\s/g, '')))

  const inResponseTo = await world.ask()
  const said = {
    inResponseTo,
    audience: 'https://hub.example.org/shibboleth',
    recipient: `https://hub.example.org${acs}`,
    destination: `https://hub.example.org${acs}`,
    attributes: { 'urn:campus:login': ['ada'] },
  }
  const form = { SAMLResponse: idp.posted(idp.signedAssertion(said)) }
  const step = await world.run('POST', acs, { form, withoutCookies: true, url: `https://hub.example.org${acs}` })
  assert.equal(identityIn(step).userName, 'ada')
})

test('bookmarks of its login lead to the sign-in and on to the page that they name, on this site only', async () => {
  const world = await samlWorld(section)
  const lead = async (target: string) => {
    const address = `https://hub.example.org/Shibboleth.sso/Login?target=${encodeURIComponent(target)}`
    return ((await world.run('GET', '/Shibboleth.sso/Login', { url: address })) as { url: string }).url
  }
  assert.equal(
    await lead('https://hub.example.org/user/ada/lab'),
    'https://hub.example.org/hub/saml/login?next=%2Fuser%2Fada%2Flab',
  )
  assert.equal(await lead('https://evil.example.net/'), 'https://hub.example.org/hub/saml/login')
})
