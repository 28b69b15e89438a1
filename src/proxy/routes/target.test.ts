import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTarget, upstreamPath } from './target.ts'

test('the base path and query of a target come first', () => {
  const target = parseTarget('http://h/base/?tq=1')

  assert.equal(upstreamPath(target, '/t/x?y=2'), '/base/t/x?tq=1&y=2')
  assert.equal(upstreamPath(target, '/t/x'), '/base/t/x?tq=1')
  assert.equal(upstreamPath(parseTarget('http://h:1'), '/t?y'), '/t?y')
})

test('a UNIX socket is named by its encoded path', () => {
  const target = parseTarget('http+unix://%2Frun%2Fx.sock/base')

  assert.equal(target.socketPath, '/run/x.sock')
  assert.equal(target.basePath, '/base')
})

test('an IPv6 host loses its brackets for connecting and keeps them for Host', () => {
  const target = parseTarget('http://[::1]:8888')

  assert.equal(target.host, '::1')
  assert.equal(target.authority, '[::1]:8888')
})

for (const text of [
  '',
  'not a url',
  'ftp://h',
  'file:///etc/passwd',
  'javascript:0',
  'http://',
  'http://u:p@h',
  'http://h/#x',
  'http+unix://relative/x',
  'ws://h',
]) {
  test(`${JSON.stringify(text)} is no target`, () => {
    assert.throws(() => parseTarget(text), { code: 'PROXY_TARGET_INVALID' })
  })
}
