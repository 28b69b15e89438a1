import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressList } from './addresses.ts'

const cases: readonly [entries: readonly string[], address: string | undefined, isListed: boolean][] = [
  [['10.0.0.0/8'], '10.9.8.7', true],
  [['10.0.0.0/8'], '11.0.0.1', false],
  [['10.0.0.0/8'], '::ffff:10.9.8.7', true],
  [['192.0.2.1'], '192.0.2.1', true],
  [['2001:db8::/32'], '2001:db8::5', true],
  [['::1'], '127.0.0.1', false],
  [['10.0.0.0/40', '10.0.0.0/-1', 'ten', '/8', ''], '10.0.0.1', false],
  [['0.0.0.0/0'], undefined, false],
  [['0.0.0.0/0'], 'unix:', false],
]
for (const [entries, address, isListed] of cases) {
  test(`${address} is ${isListed ? '' : 'not '}one of ${entries.join(', ')}`, () =>
    assert.equal(addressList(entries)(address), isListed))
}
