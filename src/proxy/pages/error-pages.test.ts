import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { silentLog } from '#base/log.ts'
import { parseTarget } from '../routes/target.ts'
import { createErrorPages } from './error-pages.ts'

test('after a failure the error target is left alone for a second', async (t) => {
  let now = 10_000
  let calls = 0
  const fetch = async () => {
    calls += 1
    throw new Error('slow')
  }
  const clock = { now: () => now, sleep: async () => {} }
  const pages = createErrorPages({ target: parseTarget('http://hub/error'), fetch, log: silentLog, clock })
  const server = createServer((request, response) => pages.send(request, response, 503)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const ask = async () => (await globalThis.fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).text()

  await ask()
  now += 999
  await ask()
  assert.equal(calls, 1)
  now += 1
  await ask()
  assert.equal(calls, 2)
})
