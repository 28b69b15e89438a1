/** A federation of ten thousand entities, signed by xmlsec1; and what is wrong with copies of it. */
import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { search } from '../../src/authenticators/saml/discovery/search.ts'
import type { MetadataSource } from '../../src/authenticators/saml/metadata/sources.ts'
import { createMetadataStore, type MetadataStore } from '../../src/authenticators/saml/metadata/store.ts'
import { certificateOf } from '../../src/authenticators/saml/security/keys.ts'
import { signDocument } from '../../src/authenticators/saml/security/sign.ts'
import { verifyEnveloped } from '../../src/authenticators/saml/security/verify.ts'
import { canonicalText } from '../../src/authenticators/saml/xml/canonical.ts'
import { parseXml } from '../../src/authenticators/saml/xml/tree.ts'
import { silentLog } from '../../src/base/log.ts'
import { idpKey, strangerKey } from './idp.ts'
import { keyFiles } from './pysaml2.ts'
import { idpMetadata } from './world.ts'
import { emptySignature, signWithXmlsec1, verifiesWithXmlsec1 } from './xmlsec1.ts'

const folder = mkdtempSync(join(tmpdir(), 'himalia-federation-'))
const signer = keyFiles(folder, 'federation.example.org')
const stranger = keyFiles(folder, 'stranger.example.org')
const now = Date.now()
const day = 86_400_000
const count = 10_000
const idOf = (number: number) => `https://idp${number}.example.edu/idp`

const ui = (number: number) =>
  `<mdui:UIInfo><mdui:DisplayName xml:lang="de">Universität ${number} Göttingen &amp; Umgebung</mdui:DisplayName>` +
  `<mdui:DisplayName xml:lang="en">University ${number}</mdui:DisplayName></mdui:UIInfo>`

function aggregate({ entities = count, until = (now + 7 * day) as number | null, prefixes = '' } = {}): string {
  const all = Array.from({ length: entities }, (_, number) =>
    idpMetadata({ entityId: idOf(number), scopes: [`uni${number}.example.edu`], role: ui(number) }),
  )
  const end = until === null ? '' : ` validUntil="${new Date(until).toISOString()}"`
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<!-- made by the federation -->\n<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:unused="urn:unused" ID="_all" Name="https://federation.example.org"${end}>` +
    `${emptySignature('_all', prefixes)}\n${all.join('\n<!-- next -->\n')}</md:EntitiesDescriptor>`
  )
}

let whole: string
let federation: MetadataStore
let small: string
let server: Server
let url: string
const served = new Map<string, { body: string; etag: string }>()
let requests: string[] = []

before(async () => {
  whole = signWithXmlsec1(aggregate(), folder, signer, 'EntitiesDescriptor')
  small = signWithXmlsec1(aggregate({ entities: 20 }), folder, signer, 'EntitiesDescriptor')
  server = createServer((request, response) => {
    const path = decodeURIComponent(request.url!)
    requests.push(`${path}${request.headers['if-none-match'] ? ' again' : ''}`)
    const found = served.get(path)
    if (!found) return void response.writeHead(404).end()
    if (request.headers['if-none-match'] === found.etag) return void response.writeHead(304).end()
    response.writeHead(200, { etag: found.etag }).end(found.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
})
after(() => {
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

const certificates = () => [readFileSync(signer.certificate, 'utf8')]
const lines: { sentence: string; fields: object }[] = []
const log = { ...silentLog, warn: (fields: object, sentence: string) => void lines.push({ fields, sentence }) }
let offset = 0
const clock = { now: () => now + offset, sleep: async () => {} }

function storeOf(source: Partial<MetadataSource> & Pick<MetadataSource, 'kind'>): MetadataStore {
  lines.length = 0
  const common = { name: 'federation', certificates: certificates(), maxValidityMs: 28 * day, refreshMs: 3_600_000 }
  const blocked = ['http://www.w3.org/2000/09/xmldsig#rsa-sha1']
  return createMetadataStore([{ ...common, ...source } as MetadataSource], { clock, log, skewMs: 180_000, blocked })
}

const ofContent = (text: string) => storeOf({ kind: 'content', text })
const ofUrl = (path: string, backingFile: string | null = null) =>
  storeOf({ kind: 'url', url: `${url}${path}`, backingFile })

test('ten thousand signed entities are taken, each is found, and the hub serves on meanwhile', async () => {
  served.set('/all', { body: whole, etag: '"1"' })
  let longest = 0
  let last = performance.now()
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 5)
  federation = ofUrl('/all')
  const store = federation
  const found = await store.find(idOf(9_999))
  clearInterval(timer)
  assert.deepEqual(lines, [])
  assert.deepEqual(found!.scopes, ['uni9999.example.edu'])
  assert.equal((await store.choices()).length, count)
  assert.equal(await store.find('https://nobody.example.edu'), null)
  console.log(`# ${Math.round(whole.length / 1e6)} MB; the longest pause was ${Math.round(longest)} ms`)
})

test('one of ten thousand is found by its name, by parts of it, and without its umlauts', async () => {
  const choices = await federation.choices()
  for (const words of ['universitat 4711', 'Göttingen 4711', 'goettingen 4711', '4711', 'idp4711']) {
    const { offers } = search(choices, { words, language: 'de', most: 30 })
    assert.equal(offers[0]?.entityId, idOf(4711), words)
    assert.equal(offers[0]?.name, 'Universität 4711 Göttingen & Umgebung')
  }
})

const changes: Readonly<Record<string, [change: (xml: string) => string, why: RegExp]>> = {
  'a letter of an address': [
    (xml) => xml.replace('https://idp.example.edu/sso', 'https://evil.example.net/s'),
    /changed after/,
  ],
  'a key': [
    (xml) => xml.replace(idpKey.certificate.split('\n')[3]!, strangerKey.certificate.split('\n')[3]!),
    /changed after|not well-formed/,
  ],
  'a scope': [(xml) => xml.replace('uni7.example.edu', 'uni8.example.edu'), /changed after/],
  'an entity taken out': [(xml) => xml.replace(/<md:EntityDescriptor.*?<\/md:EntityDescriptor>/s, ''), /changed after/],
  'an entity put in': [
    (xml) =>
      xml.replace('</md:EntitiesDescriptor>', `${idpMetadata({ entityId: 'https://evil' })}</md:EntitiesDescriptor>`),
    /changed after/,
  ],
  'an entity after the root': [(xml) => xml + idpMetadata({ entityId: 'https://evil' }), /well-formed/],
  'the signed federation within another one': [
    (xml) =>
      `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" validUntil="${new Date(now + day).toISOString()}">${xml.replace(/^<\?xml.*?\?>/, '')}${idpMetadata({ entityId: 'https://evil' })}</md:EntitiesDescriptor>`,
    /not signed/,
  ],
  'the signature taken out': [(xml) => xml.replace(/<ds:Signature\b.*?<\/ds:Signature>/s, ''), /not signed/],
  'the signature at the end': [
    (xml) => {
      const signature = /<ds:Signature\b.*?<\/ds:Signature>/s.exec(xml)![0]
      return xml.replace(signature, '').replace('</md:EntitiesDescriptor>', `${signature}</md:EntitiesDescriptor>`)
    },
    /not signed/,
  ],
  'a later end': [
    (xml) => xml.replace(/validUntil="[^"]*"/, `validUntil="${new Date(now + 8 * day).toISOString()}"`),
    /changed after/,
  ],
  'a document type': [
    (xml) => xml.replace('<md:Entities', '<!DOCTYPE x [<!ENTITY y "z">]><md:Entities'),
    /document type/,
  ],
  'half of it': [(xml) => xml.slice(0, xml.length / 2), /well-formed/],
  nothing: [() => '', /well-formed/],
  'a page of HTML': [() => '<html><body>Service unavailable</body></html>', /root is html/],
}
for (const [what, [change, why]] of Object.entries(changes)) {
  test(`a copy with ${what} is refused`, async () => {
    const changed = change(small)
    assert.notEqual(changed, small)
    const store = ofContent(changed)
    assert.equal(await store.find(idOf(3)), null)
    assert.match((await store.problems())[0]!, why)
    assert.equal(lines.length, 1)
  })
}

test('what somebody else signed is refused, whatever certificate it carries', async () => {
  const store = ofContent(signWithXmlsec1(aggregate({ entities: 3 }), folder, stranger, 'EntitiesDescriptor'))
  assert.equal(await store.find(idOf(1)), null)
  assert.match((await store.problems())[0]!, /another key/)
})

const ends: readonly [what: string, until: number | null, why: RegExp | null][] = [
  ['in a week', now + 7 * day, null],
  ['yesterday', now - day, /ended on/],
  ['never', null, /no validUntil/],
  ['in two months', now + 60 * day, /more than 28 days/],
]
for (const [what, until, why] of ends) {
  test(`metadata that ends ${what} is ${why ? 'refused' : 'taken'}`, async () => {
    const store = ofContent(signWithXmlsec1(aggregate({ entities: 2, until }), folder, signer, 'EntitiesDescriptor'))
    assert.equal((await store.find(idOf(1))) === null, why !== null)
    if (why) assert.match((await store.problems())[0]!, why)
  })
}

test('an InclusiveNamespaces list is followed', async () => {
  const xml = aggregate({ entities: 2, prefixes: 'unused md xsd' })
  const store = ofContent(signWithXmlsec1(xml, folder, signer, 'EntitiesDescriptor'))
  assert.ok(await store.find(idOf(1)), JSON.stringify(await store.problems()))
})

test('after a restart without a network the last good copy serves, until it ends', async () => {
  const backing = join(folder, 'copy.xml')
  served.set('/kept', { body: small, etag: '"2"' })
  assert.ok(await ofUrl('/kept', backing).find(idOf(1)))
  served.delete('/kept')
  assert.ok(await ofUrl('/kept', backing).find(idOf(1)))
  assert.equal(lines.at(-1)?.sentence, 'Metadata is that of the last good copy')
  offset = 8 * day
  assert.equal(await ofUrl('/kept', backing).find(idOf(1)), null)
  offset = 0
  writeFileSync(backing, small.replace('uni7.example.edu', 'uni8.example.edu'))
  assert.equal(await ofUrl('/kept', backing).find(idOf(1)), null)
})

test('a provider is asked for by MDQ once an hour, kept while the server is away, and only if it is signed', async () => {
  const entity = (id: string) =>
    signWithXmlsec1(
      idpMetadata({ entityId: id, extra: emptySignature('_one') }).replace(
        'entityID=',
        `ID="_one" validUntil="${new Date(now + day).toISOString()}" entityID=`,
      ),
      folder,
      signer,
      'EntityDescriptor',
    )
  requests = []
  served.set(`/entities/${idOf(1)}`, { body: entity(idOf(1)), etag: '"1"' })
  served.set(`/entities/${idOf(2)}`, { body: entity(idOf(1)), etag: '"1"' })
  served.set(`/entities/${idOf(3)}`, { body: idpMetadata({ entityId: idOf(3) }), etag: '"1"' })
  const store = storeOf({ kind: 'mdq', base: url })
  assert.equal((await store.find(idOf(1)))?.entityId, idOf(1))
  assert.equal((await store.find(idOf(1)))?.entityId, idOf(1))
  assert.equal(requests.length, 1)
  assert.equal(await store.find(idOf(2)), null, 'an answer about somebody else')
  await assert.rejects(store.find(idOf(3)), { code: /METADATA_(UNSIGNED|VALIDITY_MISSING)/ })
  assert.equal(await store.find(idOf(4)), null)
  offset = 3_700_000
  assert.equal((await store.find(idOf(1)))?.entityId, idOf(1))
  assert.match(requests.at(-1)!, / again$/)
  offset = 7_400_000
  served.clear()
  served.set(`/entities/${idOf(1)}`, { body: 'broken', etag: '"9"' })
  assert.equal((await store.find(idOf(1)))?.entityId, idOf(1))
  offset = 0
})

const awkward = [
  '<a xmlns="urn:a" ID="_x" b="1&#10;2&#9;3&quot;" xmlns:p="urn:p" p:c="&lt;&amp;&gt;"><p:b xmlns:q="urn:q"/><c xmlns=""/>t &gt; &amp; &#13;\r\n</a>',
  '<p:a xmlns:p="urn:p" xmlns:q="urn:q" ID="_x"><q:b q:z="1" a="2" p:y="3" xml:lang="de"/><p:b xmlns:p="urn:other"><p:c/></p:b></p:a>',
  '<a ID="_x"><b xmlns="urn:b"><c xmlns=""><d xmlns="urn:b"/></c></b>\u{1F600} ä<![CDATA[<&>]]></a>',
  '<a xmlns="urn:a" ID="_x"><b xmlns:r="urn:r" r:z="" z=""/><r:b xmlns:r="urn:r2"/>  \n\t</a>',
]
for (const [number, xml] of awkward.entries()) {
  test(`what xmlsec1 signs we verify, and the other way round: document ${number + 1}`, () => {
    const root = /^<([\w:]+)/.exec(xml)![1]!
    const theirs = signWithXmlsec1(
      xml.replace(/^(<[^>]*>)/, `$1${emptySignature('_x')}`),
      folder,
      signer,
      root.split(':').at(-1)!,
    )
    const key = certificateOf(certificates()[0]!).publicKey
    const verified = verifyEnveloped(parseXml(theirs), { keys: [key], blocked: [] })
    assert.equal(verified.kind, 'signed', JSON.stringify(verified))
    const ours = signDocument(xml, { key: keyOf(signer.key), certificate: certificates()[0]! })
    assert.ok(verifiesWithXmlsec1(ours, folder, signer.certificate, root.split(':').at(-1)!))
    assert.equal(canonicalText(parseXml(canonicalText(parseXml(xml)))), canonicalText(parseXml(xml)))
  })
}

function keyOf(file: string) {
  return createPrivateKey(readFileSync(file))
}
