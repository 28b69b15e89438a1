import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoutedServer } from '#store'
import type { ProxyRoute } from '../proxy-client/index.ts'
import { type RouteWishes, routeChanges } from './routes.ts'

const row = (user: string, phase: RoutedServer['phase']): RoutedServer => ({
  user_name: user,
  name: '',
  phase,
  url: 'http://127.0.0.1:1',
})
const wishes = (given: Partial<RouteWishes>): RouteWishes => ({
  base: '/',
  hubTarget: 'http://127.0.0.1:8081',
  servers: [],
  services: [],
  extraRoutes: {},
  ...given,
})
const current = (routes: Record<string, string>): ReadonlyMap<string, ProxyRoute> =>
  new Map(Object.entries(routes).map(([path, target]) => [path, { target, data: {}, lastActivity: null }]))

test('an empty proxy is given the hub, ready servers, services with a URL and extra routes', () => {
  const services = [
    { name: 'grader', url: 'http://127.0.0.1:9/services/grader' },
    { name: 'robot', url: null },
  ]
  const extraRoutes = { '/docs': 'http://127.0.0.1:7' }
  const servers = [row('ada', 'ready'), row('bob', 'starting')]

  const changes = routeChanges(current({}), wishes({ servers, services, extraRoutes }))

  assert.deepEqual(changes.remove, [])
  assert.deepEqual(changes.add, [
    { path: '/', target: 'http://127.0.0.1:8081', data: { hub: true } },
    { path: '/user/ada/', target: 'http://127.0.0.1:1', data: { user: 'ada', server_name: '' } },
    { path: '/services/grader/', target: 'http://127.0.0.1:9', data: { service: 'grader' } },
    { path: '/docs/', target: 'http://127.0.0.1:7', data: { extra: true } },
  ])
})

test('right routes are left alone', () => {
  const routes = current({ '/': 'http://127.0.0.1:8081', '/user/ada/': 'http://127.0.0.1:1' })
  assert.deepEqual(routeChanges(routes, wishes({ servers: [row('ada', 'ready')] })), { add: [], remove: [] })
})

test('a route to a dead hub or an old address is put right', () => {
  const routes = current({ '/': 'http://127.0.0.1:8082', '/user/ada/': 'http://127.0.0.1:2' })
  const { add } = routeChanges(routes, wishes({ servers: [row('ada', 'ready')] }))
  assert.deepEqual(
    add.map(({ path, target }) => [path, target]),
    [
      ['/', 'http://127.0.0.1:8081'],
      ['/user/ada/', 'http://127.0.0.1:1'],
    ],
  )
})

test('routes that nobody knows go; those of servers on their way up or down stay', () => {
  const routes = current({
    '/': 'http://127.0.0.1:8081',
    '/user/ada/': 'http://127.0.0.1:1',
    '/user/bob/': 'http://127.0.0.1:2',
    '/user/eve/': 'http://127.0.0.1:3',
  })
  const servers = [row('ada', 'routing'), row('bob', 'stopping')]
  assert.deepEqual(routeChanges(routes, wishes({ servers })), { add: [], remove: ['/user/eve/'] })
})
