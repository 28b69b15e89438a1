import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseRuntime } from './runtime.ts'

const right: [text: string, version: string | null, date: string | null][] = [
  ['abc-001', '001', null],
  ['abc-2025-06-22', null, '2025-06-22'],
  ['a_b/c-0.0.1-2025-06-22', '0.0.1', '2025-06-22'],
  ['  python-3.12\n', '3.12', null],
]

for (const [text, version, date] of right) {
  test(`runtime.txt may say ${JSON.stringify(text)}`, () => {
    const found = parseRuntime(text)

    assert.deepEqual([found.version, found.date], [version, date])
  })
}

for (const text of ['', 'abc', 'abc-001-25-06-22', 'abc-2025-13-22', 'abc--1', 'a-b-c']) {
  test(`runtime.txt may not say ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseRuntime(text), { code: 'FILE_INVALID' })
  })
}
