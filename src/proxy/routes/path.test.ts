import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readRequestTarget, routeKey } from './path.ts'

describe('the target of a request', () => {
  const cases: [raw: string, forward: string, route: string][] = [
    ['/', '/', '/'],
    ['/user/ada/lab?next=%2Fx#'.slice(0, -1), '/user/ada/lab?next=%2Fx', '/user/ada/lab'],
    ['/user/ada%40x/a%20b', '/user/ada%40x/a%20b', '/user/ada@x/a b'],
    ['/%75ser/x', '/%75ser/x', '/user/x'],
    ['/user%2Fada/x', '/user%2Fada/x', '/user\0ada/x'],
    ['//user/ada', '//user/ada', '//user/ada'],
    ['/user//ada', '/user//ada', '/user//ada'],
    ['/a/../user/./ada', '/user/ada', '/user/ada'],
    ['/a/%2e%2e/b', '/b', '/b'],
    ['/a/.%2E/b/..', '/', '/'],
    ['/../../etc', '/etc', '/etc'],
    ['/a/b/.', '/a/b/', '/a/b/'],
    ['/a/.well-known/..x', '/a/.well-known/..x', '/a/.well-known/..x'],
    ['/a/%252e%252e/b', '/a/%252e%252e/b', '/a/%2e%2e/b'],
    ['/a?b=/../c', '/a?b=/../c', '/a'],
    ['/caf%C3%A9', '/caf%C3%A9', '/café'],
    ['/caf\u00c3\u00a9', '/caf\u00c3\u00a9', '/café'],
    ['/%FF/x', '/%FF/x', '/%FF/x'],
    ['/a%5Cb', '/a%5Cb', '/a\\b'],
    ['/__proto__/constructor', '/__proto__/constructor', '/__proto__/constructor'],
  ]
  for (const [raw, forward, route] of cases) {
    test(`${raw} is forwarded as ${forward}`, () => {
      assert.deepEqual(readRequestTarget(raw), { forward, route, authority: null })
    })
  }

  for (const raw of [
    '',
    '*',
    'x',
    '/%',
    '/a%2',
    '/a%zz',
    '/a\\b',
    '/a%00b',
    '/a#b',
    '/a?b#c',
    'ftp://h/x',
    'http://u@h/x',
  ]) {
    test(`${JSON.stringify(raw)} is refused`, () => assert.equal(readRequestTarget(raw), null))
  }

  test('an absolute form is its path, with the authority beside it', () => {
    assert.deepEqual(readRequestTarget('http://h:1/a?b'), { forward: '/a?b', route: '/a', authority: 'h:1' })
    assert.deepEqual(readRequestTarget('http://h?b'), { forward: '/?b', route: '/', authority: 'h' })
  })
})

describe('the key of a route', () => {
  const cases = {
    '': '/',
    '/': '/',
    '/user/ada': '/user/ada',
    '/user/ada/': '/user/ada',
    '/has%40/%C3%BC%20x': '/has@/ü x',
  }
  for (const [encoded, key] of Object.entries(cases)) {
    test(`${encoded || '(empty)'} is ${key}`, () => assert.equal(routeKey(encoded), key))
  }

  for (const encoded of ['/a%', '/%FF', '/a%2Fb', '//a', '/a//b', '/a/../b', '/%2e%2e/b', '/a%00', '//']) {
    test(`${encoded} is refused`, () => {
      assert.throws(() => routeKey(encoded), { code: 'PROXY_ROUTE_PATH_INVALID' })
    })
  }
})
