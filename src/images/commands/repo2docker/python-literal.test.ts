import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readLiteral } from './python-literal.ts'

for (const [text, value] of [
  ['"a\\n\'b"', "a\n'b"],
  ["'a' # a comment", 'a'],
  ['True', true],
  ['None', null],
  ['-1.5', -1.5],
  ["['a', 1, ]", ['a', 1]],
  ['("a", )', ['a']],
  ["{'a': {'b': False}, 'c': []}", { a: { b: false }, c: [] }],
] as const) {
  test(`${text} is read as Python reads it`, () => {
    assert.deepEqual(readLiteral(text), value)
  })
}

for (const text of ['os.environ["A"]', '"a', '[1', 'a + b', '{1}', '"a" "b"']) {
  test(`${text} is not taken for a literal`, () => {
    assert.throws(() => readLiteral(text))
  })
}
