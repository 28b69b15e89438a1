import assert from 'node:assert/strict'
import { test } from 'node:test'
import { safeNext } from './next-url.ts'

const own = ['hub.example.org', 'localhost:8000']

const kept: Readonly<Record<string, string>> = {
  '/hub/home': '/hub/home',
  '/user/ada/lab?x=1&y=a%20b#cell': '/user/ada/lab?x=1&y=a%20b#cell',
  '/user/ada/tree/my file.ipynb': '/user/ada/tree/my%20file.ipynb',
  '/user/zoë/': '/user/zo%C3%AB/',
  '/user/ada@example.org/lab': '/user/ada@example.org/lab',
  '/hub/spawn?next=%2F%2Fevil.example': '/hub/spawn?next=%2F%2Fevil.example',
  '/a//b': '/a//b',
  '/%2f%2fevil.example': '/%2f%2fevil.example',
  'https://hub.example.org/user/ada/?a=b#c': '/user/ada/?a=b#c',
  'http://localhost:8000/hub/': '/hub/',
  '//hub.example.org/hub/home': '/hub/home',
  '/\\evil.example': '/%5Cevil.example',
}
for (const [raw, path] of Object.entries(kept)) {
  test(`next ${JSON.stringify(raw)} leads to ${path}`, () => assert.equal(safeNext(raw, own), path))
}

const dropped = [
  '',
  'hub/home',
  '//evil.example',
  '///evil.example',
  '////evil.example/x',
  '/\t/evil.example',
  '/\n/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/\x00',
  '/\x85',
  '\\\\evil.example',
  '\\/evil.example',
  'https:evil.example',
  'https:/evil.example',
  'https:///evil.example',
  'https://evil.example',
  'HTTPS://EVIL.example/hub/',
  'http://hub.example.org.evil.example/',
  'http://hub.example.org@evil.example/',
  'http://evil@hub.example.org/',
  'http://hub.example.org:81/',
  'http://localhost/',
  'http://hub.example.org//evil.example',
  '/..//evil.example',
  '/./%2e//evil.example',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,x',
  'ftp://hub.example.org/',
  'http://this.invalid/',
  '//this.invalid/',
  '%2f%2fevil.example',
  'http://[::1',
  `/${'a'.repeat(9000)}`,
]
for (const raw of dropped) {
  test(`next ${JSON.stringify(raw.slice(0, 40))} is dropped`, () => assert.equal(safeNext(raw, own), null))
}

test('a next that was not given is no path', () => assert.equal(safeNext(undefined, own), null))
