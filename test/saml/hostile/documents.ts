/** What is no message, or one that readers may read differently, or that is to make one work hard. */
import { deflateRawSync, gzipSync } from 'node:zlib'
import * as idp from '../idp.ts'
import type { Hostile } from './hostile.ts'

const raw = (name: string, code: string, make: (request: string) => string): Hostile => ({ name, code, make })
const xml = (name: string, code: string, alter: (good: string) => string): Hostile =>
  raw(name, code, (request) => idp.posted(alter(idp.signedAssertion({ inResponseTo: request }))))
const bytes = (name: string, code: string, alter: (good: Buffer) => Buffer): Hostile =>
  raw(name, code, (request) => alter(Buffer.from(idp.signedAssertion({ inResponseTo: request }))).toString('base64'))
const doctype = (inner: string) => (good: string) => `<!DOCTYPE samlp:Response [${inner}]>${good}`
const inValue = (part: string) => (good: string) => good.replace('ada@example.edu', part)

export const documents: readonly Hostile[] = [
  raw('no field', 'SAML_MALFORMED', () => ''),
  raw('no base64', 'SAML_MALFORMED', () => '<samlp:Response/>'),
  raw('base64 of URLs', 'SAML_MALFORMED', (request) =>
    Buffer.from(idp.signedAssertion({ inResponseTo: request }))
      .toString('base64url')
      .replace(/.$/, '_'),
  ),
  raw('base64 with something else between', 'SAML_MALFORMED', (request) => {
    const good = idp.posted(idp.signedAssertion({ inResponseTo: request }))
    return `${good.slice(0, 100)}!${good.slice(100)}`
  }),
  raw('base64 that ends too early', 'SAML_MALFORMED', (request) =>
    idp.posted(idp.signedAssertion({ inResponseTo: request })).slice(0, 1001),
  ),
  raw('half a megabyte of spaces', 'SAML_TOO_LARGE', (request) =>
    idp.posted(idp.signedAssertion({ inResponseTo: request }) + ' '.repeat(600_000)),
  ),
  raw('ten megabytes', 'SAML_TOO_LARGE', () => 'A'.repeat(10_000_000)),
  bytes('deflated, as for the other binding', 'SAML_MALFORMED', (good) => deflateRawSync(good)),
  bytes('a deflate bomb', 'SAML_MALFORMED', () =>
    deflateRawSync(Buffer.alloc(300_000_000, 32), { level: 1 }).subarray(0, 380_000),
  ),
  bytes('a gzip bomb', 'SAML_MALFORMED', () => gzipSync(Buffer.alloc(100_000_000, 65))),
  bytes('UTF-16', 'SAML_MALFORMED', (good) => Buffer.from(`\ufeff${good.toString()}`, 'utf16le')),
  bytes('bytes that are no UTF-8', 'SAML_MALFORMED', (good) =>
    Buffer.concat([good.subarray(0, 300), Buffer.from([0xff, 0xfe]), good.subarray(300)]),
  ),
  bytes('UTF-8 in too many bytes', 'SAML_MALFORMED', (good) =>
    Buffer.concat([good.subarray(0, 300), Buffer.from([0xc0, 0xbc]), good.subarray(300)]),
  ),
  xml('an encoding that it does not have', 'SAML_FORBIDDEN', (good) => `<?xml version="1.0" encoding="UTF-7"?>${good}`),
  xml('XML 1.1', 'SAML_FORBIDDEN', (good) => `<?xml version="1.1"?>${good}`),
  xml('a NUL', 'SAML_MALFORMED', inValue('ada\0@example.edu')),
  xml('a NUL as a reference', 'SAML_MALFORMED', inValue('ada&#0;@example.edu')),
  xml('an empty document type', 'SAML_FORBIDDEN', doctype('')),
  xml('an external entity of a file', 'SAML_FORBIDDEN', (good) =>
    doctype('<!ENTITY x SYSTEM "file:///etc/passwd">')(inValue('&x;')(good)),
  ),
  xml('an external entity of a host', 'SAML_FORBIDDEN', (good) =>
    doctype('<!ENTITY x SYSTEM "http://127.0.0.1:1/">')(inValue('&x;')(good)),
  ),
  xml(
    'an external document type',
    'SAML_FORBIDDEN',
    (good) => `<!DOCTYPE samlp:Response SYSTEM "http://127.0.0.1:1/x.dtd">${good}`,
  ),
  xml('a parameter entity', 'SAML_FORBIDDEN', doctype('<!ENTITY % x SYSTEM "http://127.0.0.1:1/">%x;')),
  xml('a billion laughs', 'SAML_FORBIDDEN', (good) => {
    const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('')
    return doctype(`<!ENTITY l0 "ha">${laughs}`)(inValue('&l9;')(good))
  }),
  xml('attributes by default', 'SAML_FORBIDDEN', doctype('<!ATTLIST saml:Assertion ID CDATA "_evil">')),
  xml('an entity that was never declared', 'SAML_MALFORMED', inValue('&x;')),
  xml('an entity of HTML', 'SAML_MALFORMED', inValue('ada&nbsp;@example.edu')),
  xml('a document type after the root', 'SAML_MALFORMED', (good) => `${good}<!DOCTYPE x>`),
  xml('a comment within a value', 'SAML_FORBIDDEN', inValue('ada@example.edu<!-- -->.evil.example')),
  xml('a comment within the NameID', 'SAML_FORBIDDEN', (good) => good.replace('transient-1', 'transient<!---->-1')),
  xml('a comment within the Audience', 'SAML_FORBIDDEN', (good) =>
    good.replace(`>${idp.entityId}<`, `>${idp.entityId}<!----><`),
  ),
  xml('a comment at the beginning', 'SAML_FORBIDDEN', (good) => `<!-- -->${good}`),
  xml('a processing instruction within a value', 'SAML_FORBIDDEN', inValue('ada<?x y?>@example.edu')),
  xml('a stylesheet', 'SAML_FORBIDDEN', (good) => `<?xml-stylesheet href="http://127.0.0.1:1/"?>${good}`),
  xml('two roots', 'SAML_MALFORMED', (good) => good + good),
  xml('text after the root', 'SAML_MALFORMED', (good) => `${good}x`),
  xml('an element that is not closed', 'SAML_MALFORMED', (good) => good.replace('</samlp:Response>', '')),
  xml('an attribute twice', 'SAML_MALFORMED', (good) => good.replace('Version="2.0"', 'Version="2.0" Version="2.0"')),
  xml('an attribute twice, under two prefixes of one namespace', 'SAML_MALFORMED', (good) =>
    good.replace('Version="2.0"', 'Version="2.0" xmlns:a="urn:x" xmlns:b="urn:x" a:y="1" b:y="2"'),
  ),
  xml('a prefix that was never declared', 'SAML_MALFORMED', (good) =>
    good.replace('<samlp:Status>', '<samlp:Status><q:x/>'),
  ),
  xml('five thousand elements', 'SAML_TOO_LARGE', (good) =>
    good.replace('<samlp:Status>', `<samlp:Status>${'<x/>'.repeat(5001)}`),
  ),
  xml('five thousand attributes', 'SAML_TOO_LARGE', (good) =>
    good.replace('Version="2.0"', `Version="2.0" ${Array.from({ length: 5001 }, (_, i) => `a${i}=""`).join(' ')}`),
  ),
  xml('a hundred levels', 'SAML_TOO_LARGE', (good) =>
    good.replace('<samlp:Status>', `<samlp:Status>${'<x>'.repeat(100)}${'</x>'.repeat(100)}`),
  ),
  xml('a response of SAML 1.1', 'SAML_MALFORMED', () => '<Response xmlns="urn:oasis:names:tc:SAML:1.0:protocol"/>'),
  xml('a response without a namespace', 'SAML_MALFORMED', (good) => good.replaceAll('samlp:', '')),
  xml('a request', 'SAML_MALFORMED', (good) => good.replaceAll('samlp:Response', 'samlp:AuthnRequest')),
  xml('an assertion alone', 'SAML_MALFORMED', (good) => /<saml:Assertion.*<\/saml:Assertion>/s.exec(good)![0]),
  xml('HTML', 'SAML_MALFORMED', () => '<!doctype html><title>x</title>'),
  xml('JSON', 'SAML_MALFORMED', () => '{"admin": true}'),
]
