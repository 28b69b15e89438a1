import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serverClient } from './server-client.ts'

const of = (userName: string, serverName = '') => serverClient({ base: '/', userName, serverName, allowedScopes: [] })

test('the client of a default server is named after its user', () => {
  assert.deepEqual(of('ada'), {
    identifier: 'jupyterhub-user-ada',
    description: 'Server at /user/ada/',
    redirectUri: '/user/ada/oauth_callback',
    allowedScopes: ['access:servers!server=ada/'],
    accessScopes: ['access:servers!server=ada/', 'access:servers!user=ada'],
    prefix: '/user/ada/',
  })
})

test('a client may get the scopes that the configuration adds, each once', () => {
  const allowedScopes = ['read:users!user', 'access:servers!server=ada/gpu']
  const client = serverClient({ base: '/hub-a/', userName: 'ada', serverName: 'gpu', allowedScopes })
  assert.deepEqual(client.allowedScopes, ['access:servers!server=ada/gpu', 'read:users!user'])
  assert.equal(client.redirectUri, '/hub-a/user/ada/gpu/oauth_callback')
})

test('names are quoted as Python quotes them, wholly in the client id, and but for @ and ~ in paths', () => {
  const client = of("a@b.c!'()*~_-é x")
  assert.equal(client.identifier, 'jupyterhub-user-a%40b.c%21%27%28%29%2A~_-%C3%A9%20x')
  assert.equal(client.prefix, '/user/a@b.c%21%27%28%29%2A~_-%C3%A9%20x/')
})

test('no named server shares its client with the server of another user', () => {
  const ids = [of('a', 'b'), of('a-b'), of('a!b'), of('a', 'b-c'), of('a-b', 'c'), of('a-b-c')]
  assert.equal(new Set(ids.map(({ identifier }) => identifier)).size, ids.length)
})
