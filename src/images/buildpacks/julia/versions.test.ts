import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contains, newestFitting, rangeOf } from './versions.ts'

const cases: [range: string, inside: number[][], outside: number[][]][] = [
  [
    '0.2.3',
    [
      [0, 2, 3],
      [0, 2, 9],
    ],
    [
      [0, 3, 0],
      [0, 2, 2],
    ],
  ],
  ['0.0.3', [[0, 0, 3]], [[0, 0, 4]]],
  [
    '0.0',
    [
      [0, 0, 0],
      [0, 0, 9],
    ],
    [[0, 1, 0]],
  ],
  [
    '0',
    [
      [0, 0, 0],
      [0, 9, 9],
    ],
    [[1, 0, 0]],
  ],
  [
    '^1.6',
    [
      [1, 6, 0],
      [1, 12, 0],
    ],
    [
      [2, 0, 0],
      [1, 5, 9],
    ],
  ],
  [
    '~1',
    [
      [1, 0, 0],
      [1, 9, 0],
    ],
    [[2, 0, 0]],
  ],
  [
    '~1.2',
    [
      [1, 2, 0],
      [1, 2, 9],
    ],
    [[1, 3, 0]],
  ],
  [
    '~1.2.3',
    [
      [1, 2, 3],
      [1, 2, 9],
    ],
    [
      [1, 3, 0],
      [1, 2, 2],
    ],
  ],
  ['~0.0.3', [[0, 0, 3]], [[0, 0, 4]]],
  ['=1.3', [[1, 3, 0]], [[1, 3, 1]]],
  [
    '>=1.4',
    [
      [1, 4, 0],
      [9, 0, 0],
    ],
    [[1, 3, 9]],
  ],
  ['≥ 1.4', [[1, 4, 0]], [[1, 3, 9]]],
  ['> 1.4.0', [[1, 4, 1]], [[1, 4, 0]]],
  ['<1.4', [[1, 3, 9]], [[1, 4, 0]]],
  ['≤1.4', [[1, 4, 0]], [[1, 4, 1]]],
]

for (const [range, inside, outside] of cases) {
  test(`"${range}" allows what Julia's package manager allows`, () => {
    const found = rangeOf(range)

    for (const version of inside) assert.ok(contains(found, version), version.join('.'))
    for (const version of outside) assert.ok(!contains(found, version), version.join('.'))
  })
}

test('a range that is none is refused', () => {
  for (const text of ['1.0, 2.0', 'latest', '']) assert.throws(() => rangeOf(text), { code: 'FILE_INVALID' })
})

test('a pre-release is never the newest', () => {
  assert.equal(newestFitting('1', ['1.0.0', '1.9.1', '1.10.0-rc1'], 'Project.toml'), '1.9.1')
})
