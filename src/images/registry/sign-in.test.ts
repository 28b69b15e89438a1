import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseChallenge } from './sign-in.ts'

test('a challenge for a token says where to get it, and for what', () => {
  const header =
    'Bearer realm="https://auth.example.org/token",service="registry.example.org",scope="repository:a/b:pull,push"'

  assert.deepEqual(parseChallenge(header), {
    scheme: 'bearer',
    parameters: {
      realm: 'https://auth.example.org/token',
      service: 'registry.example.org',
      scope: 'repository:a/b:pull,push',
    },
  })
})

test('a challenge for a password needs no parameters', () => {
  assert.deepEqual(parseChallenge('Basic realm=x'), { scheme: 'basic', parameters: { realm: 'x' } })
  assert.deepEqual(parseChallenge(''), { scheme: '', parameters: {} })
})
