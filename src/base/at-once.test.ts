import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { atOnce } from './at-once.ts'

test('each item has its turn, and never more than so many are under way', async () => {
  const seen: number[] = []
  let underWay = 0
  let most = 0

  await atOnce(3, [1, 2, 3, 4, 5, 6, 7], async (item) => {
    underWay += 1
    most = Math.max(most, underWay)
    await turn()
    seen.push(item)
    underWay -= 1
  })

  assert.deepEqual(seen, [1, 2, 3, 4, 5, 6, 7])
  assert.equal(most, 3)
})

test('no items are fine, and an error reaches the caller', async () => {
  await atOnce(3, [], async () => assert.fail())
  await assert.rejects(
    atOnce(1, [1], async () => Promise.reject(new Error('no'))),
    /no/,
  )
})
