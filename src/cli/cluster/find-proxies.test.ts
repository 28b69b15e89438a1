import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clock } from '#base/clock.ts'
import { silentLog } from '#base/log.ts'
import { proxyFinder } from './find-proxies.ts'

test('addresses are asked for once in a burst, and kept while the name is lost', async () => {
  let now = 0
  let asked = 0
  let answer: readonly string[] | null = ['10.0.0.1', 'fd00::1']
  const clock = { now: () => now } as Clock
  const find = async () => {
    asked += 1
    if (answer === null) throw new Error('ENOTFOUND')
    return answer
  }
  const proxies = proxyFinder('proxy-each', { clock, log: silentLog, find })

  const both = ['http://10.0.0.1:8001', 'http://[fd00::1]:8001']
  assert.deepEqual(await Promise.all([proxies(), proxies()]), [both, both])
  assert.equal(asked, 1)

  answer = null
  now = 1000
  assert.deepEqual(await proxies(), both)

  answer = ['10.0.0.2']
  assert.deepEqual(await proxies(), ['http://10.0.0.2:8001'])
})
