import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoTime } from './clock.ts'

test('times are those of Date, in microseconds', () => {
  const instants = [0, 1, 999, 86_399_999, 86_400_000, 1_790_000_000_123, -1, -62_167_219_200_000, 253_402_300_800_000]
  for (const at of instants) assert.equal(isoTime(at), `${new Date(at).toISOString().slice(0, -1)}000Z`)
  assert.equal(isoTime(null), null)
})
