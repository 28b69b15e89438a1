/** The cache against an API server that does what a test tells it to, over a real connection. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { systemClock } from '#base/clock.ts'
import { silentLog } from '#base/log.ts'
import { Cache } from './cache.ts'
import { createKube } from './client.ts'
import type { Pod } from './objects.ts'

const pod = (name: string, version: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'jhub', uid: name, resourceVersion: version },
  spec: { containers: [] },
})

interface Asked {
  readonly url: URL
  readonly answer: ServerResponse
}

/** Requests as they come in; a test answers each itself. */
async function apiServer(t: TestContext) {
  const waiting: Asked[] = []
  const takers: ((asked: Asked) => void)[] = []
  const server = createServer((request, answer) => {
    const asked = { url: new URL(request.url ?? '', 'http://api'), answer }
    const taker = takers.shift()
    if (taker) taker(asked)
    else waiting.push(asked)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const folder = mkdtempSync(join(tmpdir(), 'kube-'))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  writeFileSync(
    join(folder, 'config'),
    `{current-context: c, contexts: [{name: c, context: {cluster: c}}], clusters: [{name: c, cluster: {server: "${url}"}}]}`,
  )
  const kube = createKube({ clock: systemClock, env: { KUBECONFIG: join(folder, 'config') }, timeoutMs: 2_000 })
  const running = new AbortController()
  t.after(async () => {
    running.abort()
    await kube.close()
    server.closeAllConnections()
    server.close()
    rmSync(folder, { recursive: true })
  })
  const next = () => {
    const asked = waiting.shift()
    return asked ? Promise.resolve(asked) : new Promise<Asked>((resolve) => takers.push(resolve))
  }
  return { kube, next, signal: running.signal }
}

async function watched(t: TestContext) {
  const api = await apiServer(t)
  const told: string[] = []
  const heard: (() => void)[] = []
  const cache = new Cache({
    kube: api.kube,
    clock: systemClock,
    log: silentLog,
    kind: 'pods',
    namespace: 'jhub',
    labels: 'component=singleuser-server',
    onChange: (after, before) => {
      told.push(after ? `${before ? 'changed' : 'new'} ${after.metadata.name}` : `gone ${before?.metadata.name}`)
      for (const resolve of heard.splice(0)) resolve()
    },
  })
  void cache.run(api.signal)
  const change = () => new Promise<void>((resolve) => heard.push(resolve))
  return { ...api, cache, told, change }
}

function list(answer: ServerResponse, items: readonly Pod[], metadata: object = { resourceVersion: '10' }): void {
  answer.end(JSON.stringify({ metadata, items }))
}

function line(answer: ServerResponse, type: string, object: unknown): void {
  answer.write(`${JSON.stringify({ type, object })}\n`)
}

test('one list in pages, then one watch from where the list ended', async (t) => {
  const { cache, next, told, change } = await watched(t)
  const first = await next()
  assert.equal(first.url.searchParams.get('labelSelector'), 'component=singleuser-server')
  list(first.answer, [pod('ana', '3')], { resourceVersion: '10', continue: 'more' })
  const second = await next()
  assert.equal(second.url.searchParams.get('continue'), 'more')
  list(second.answer, [pod('ben', '4')])

  await cache.ready()
  const { url, answer } = await next()
  assert.deepEqual(
    ['watch', 'resourceVersion', 'allowWatchBookmarks'].map((name) => url.searchParams.get(name)),
    ['true', '10', 'true'],
  )
  const changes = change()
  line(answer, 'ADDED', pod('cem', '11'))
  await changes
  line(answer, 'DELETED', pod('ana', '12'))
  await change()

  assert.deepEqual(told, ['new cem', 'gone ana'])
  assert.deepEqual([...cache.all()].map(({ metadata }) => metadata.name).sort(), ['ben', 'cem'])
})

test('a watch that ends goes on from the last version heard, bookmarks included, without a list', async (t) => {
  const { next } = await watched(t)
  list((await next()).answer, [])
  const watch = await next()
  line(watch.answer, 'BOOKMARK', { metadata: { resourceVersion: '99' } })
  watch.answer.end()

  const again = await next()
  assert.deepEqual(
    ['watch', 'resourceVersion'].map((name) => again.url.searchParams.get(name)),
    ['true', '99'],
  )
})

test('a connection that breaks, a 500 and an answer that is no JSON are survived; what was known stays', async (t) => {
  const { cache, next, told, change } = await watched(t)
  list((await next()).answer, [pod('ana', '3')])
  await cache.ready()
  const watch = await next()
  const changed = change()
  line(watch.answer, 'MODIFIED', pod('ana', '20'))
  await changed
  watch.answer.destroy()
  const second = await next()
  assert.equal(second.url.searchParams.get('resourceVersion'), '20')
  second.answer.writeHead(500).end('no')
  const third = await next()
  assert.ok(cache.staleMs() >= 0)
  assert.equal(cache.get('jhub', 'ana')?.metadata.resourceVersion, '20')
  third.answer.end('not json\n')

  const fourth = await next()
  assert.equal(fourth.url.searchParams.get('resourceVersion'), '20')
  assert.deepEqual(told, ['changed ana'])
})

test('when the server has forgotten the version all is listed anew, and each difference is told', async (t) => {
  const { cache, next, told } = await watched(t)
  list((await next()).answer, [pod('ana', '3'), pod('ben', '4'), pod('cem', '5')])
  const watch = await next()
  line(watch.answer, 'ERROR', { code: 410, reason: 'Expired', message: 'too old resource version' })
  watch.answer.end()

  list((await next()).answer, [pod('ana', '3'), pod('ben', '44'), pod('dag', '45')], { resourceVersion: '50' })
  const again = await next()

  assert.equal(again.url.searchParams.get('resourceVersion'), '50')
  assert.deepEqual(told.sort(), ['changed ben', 'gone cem', 'new dag'])
  assert.equal(cache.size, 3)
})

test('a request is repeated while the server is busy, as long as it asks for; a refusal is not', async (t) => {
  const { kube, next } = await apiServer(t)
  const faults: string[] = []
  const made = kube.create('pods', pod('ana', ''), { onFault: ({ code }) => faults.push(code) })
  ;(await next()).answer.writeHead(429, { 'retry-after': '0.1' }).end()
  ;(await next()).answer.writeHead(503).end()
  ;(await next()).answer.destroy()
  ;(await next()).answer.end(JSON.stringify(pod('ana', '7')))
  assert.equal((await made).metadata.resourceVersion, '7')
  assert.deepEqual(faults, ['KUBE_BUSY', 'KUBE_BUSY', 'KUBE_UNREACHABLE'])

  const refused = kube.create('pods', pod('ana', ''))
  const body = { reason: 'AlreadyExists', message: 'pods "ana" already exists' }
  ;(await next()).answer.writeHead(409).end(JSON.stringify(body))
  await assert.rejects(refused, { code: 'KUBE_CONFLICT', message: /create pods ana: pods "ana" already exists/ })
})

test('what is not there is null to read and fine to delete', async (t) => {
  const { kube, next } = await apiServer(t)
  const read = kube.get('pods', { name: 'ana', namespace: 'jhub' })
  ;(await next()).answer.writeHead(404).end('{}')
  assert.equal(await read, null)

  const deleted = kube.delete('pods', { name: 'ana', namespace: 'jhub' })
  ;(await next()).answer.writeHead(404).end('{}')
  await deleted
})
