import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resolvePlain } from './scalar.ts'

const cases: readonly [string, unknown][] = [
  ['yes', true],
  ['Off', false],
  ['n', false],
  ['~', null],
  ['', null],
  ['0644', 420],
  ['0o17', 15],
  ['0x1F', 31],
  ['0b11', 3],
  ['-12', -12],
  ['1_000', 1000],
  ['.5', 0.5],
  ['1e3', 1000],
  ['-.inf', -Infinity],
  ['12:30', '12:30'],
  ['2020-01-01', '2020-01-01'],
  ['1.2.3', '1.2.3'],
  ['2343e33dec46', '2343e33dec46'],
  ['123e456789', '123e456789'],
  ['e5', 'e5'],
  ['yEs', 'yEs'],
  ['1G', '1G'],
]

for (const [written, value] of cases) {
  test(`${JSON.stringify(written)} is read as ${JSON.stringify(value) ?? value}`, () => {
    assert.deepEqual(resolvePlain(written), value)
  })
}
