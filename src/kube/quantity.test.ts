import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseQuantity } from './quantity.ts'

test('sizes are read as Kubernetes reads them', () => {
  const sizes: readonly [string, number | null][] = [
    ['10Gi', 10 * 2 ** 30],
    ['10G', 10e9],
    ['500m', 0.5],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['2e3', 2000],
    ['1E', 1e18],
    ['128974848', 128974848],
    ['', null],
    ['10GB', null],
    ['ten', null],
    ['-1', null],
  ]
  for (const [text, size] of sizes) assert.equal(parseQuantity(text), size, text)
})
