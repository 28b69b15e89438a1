import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProxyClient, ProxyRoute } from './index.ts'
import { severalProxies } from './several.ts'

/** A proxy in memory; `isDown` makes every call fail. */
function memoryProxy(): ProxyClient & { routes: Map<string, ProxyRoute>; isDown: boolean } {
  const routes = new Map<string, ProxyRoute>()
  const call = <T>(work: () => T): Promise<T> => {
    if (proxy.isDown) return Promise.reject(new Error('down'))
    return Promise.resolve(work())
  }
  const proxy = {
    routes,
    isDown: false,
    list: () => call(() => routes),
    add: (path: string, target: string, data: ProxyRoute['data']) =>
      call(() => void routes.set(path, { target, data, lastActivity: null })),
    remove: (path: string) => call(() => void routes.delete(path)),
  }
  return proxy
}

function pair() {
  const proxies = { one: memoryProxy(), two: memoryProxy() }
  const names = new Set<keyof typeof proxies>(['one', 'two'])
  const client = severalProxies({ find: async () => [...names], clientOf: (name) => proxies[name as 'one'] })
  return { ...proxies, names, client }
}

test('each proxy is told', async () => {
  const { one, two, client } = pair()

  await client.add('/user/ada/', 'http://a', {})
  assert.deepEqual([one.routes.size, two.routes.size], [1, 1])
  await client.remove('/user/ada/')
  assert.deepEqual([one.routes.size, two.routes.size], [0, 0])
})

test('a route counts when all have it, and was used when any saw it', async () => {
  const { one, two, client } = pair()
  one.routes.set('/a/', { target: 'http://a', data: {}, lastActivity: 5 })
  one.routes.set('/b/', { target: 'http://b', data: {}, lastActivity: 1 })
  two.routes.set('/b/', { target: 'http://b', data: {}, lastActivity: 9 })
  two.routes.set('/c/', { target: 'http://c', data: {}, lastActivity: null })

  const routes = await client.list()

  assert.deepEqual([...routes].map(([path, { target }]) => [path, target]).sort(), [
    ['/a/', ''],
    ['/b/', 'http://b'],
    ['/c/', ''],
  ])
  assert.equal(routes.get('/b/')?.lastActivity, 9)
})

test('a proxy that does not answer holds up nothing, unless it is the only one', async () => {
  const { one, two, names, client } = pair()
  two.isDown = true

  await client.add('/a/', 'http://a', {})
  assert.deepEqual([...(await client.list()).keys()], ['/a/'])

  names.delete('one')
  await assert.rejects(client.list(), /down/)
  names.clear()
  await assert.rejects(client.list(), { code: 'PROXY_UNAVAILABLE' })
  assert.equal(one.routes.size, 1)
})
