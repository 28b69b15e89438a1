import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { intersectScopes, usersNamed } from './intersect.ts'

const membership = (user: string) => (user === 'ada' ? ['class'] : [])

const cases: [a: string[], b: string[], both: string[]][] = [
  [['tokens'], ['servers'], []],
  [['tokens'], ['tokens'], ['tokens']],
  [['tokens'], ['tokens!user=ada'], ['tokens!user=ada']],
  [['tokens!user=ada'], ['tokens!user=ada', 'tokens!user=bob'], ['tokens!user=ada']],
  [['tokens!user=ada'], ['tokens!user=bob'], []],
  [['servers!server=ada/lab'], ['servers!user=ada'], ['servers!server=ada/lab']],
  [['servers!server=ada/'], ['servers!user=ada'], ['servers!server=ada/']],
  [['servers!server=adam/'], ['servers!user=ada'], []],
  [['servers!server=ada/lab'], ['servers!server=ada/'], []],
  [['servers!user=ada'], ['servers!group=class'], ['servers!user=ada']],
  [['servers!user=bob'], ['servers!group=class'], []],
  [['servers!server=ada/lab'], ['servers!group=class'], ['servers!server=ada/lab']],
  [['servers!server=bob/lab'], ['servers!group=class'], []],
  [['groups!group=class'], ['groups!group=class', 'groups!group=b'], ['groups!group=class']],
  [['groups!group=class'], ['groups!user=ada'], ['groups!user=ada']],
  [['access:services!service=x'], ['access:services!service=x'], ['access:services!service=x']],
  [['access:services!service=x'], ['access:services!service=y'], []],
  [['access:services!service=x'], ['access:services!user=x'], []],
  [
    ['servers!user=ada', 'servers!server=bob/a'],
    ['servers!user=bob', 'servers!server=ada/b'],
    ['servers!server=ada/b', 'servers!server=bob/a'],
  ],
  [[], ['tokens'], []],
]

describe('intersectScopes', () => {
  for (const [a, b, both] of cases) {
    test(`${a.join(' ') || 'nothing'} and ${b.join(' ')} meet in ${both.join(' ') || 'nothing'}, from both sides`, () => {
      const sorted = (x: string[], y: string[]) => [...intersectScopes(new Set(x), new Set(y), membership)].sort()
      assert.deepEqual(sorted(a, b), both)
      assert.deepEqual(sorted(b, a), both)
    })
  }
})

test('the users whose groups may matter are those named, and the owners of servers named', () => {
  const named = usersNamed(new Set(['a!user=ada', 'b!group=g', 'c']), new Set(['d!server=bob/x', 'e!server=ada/']))
  assert.deepEqual([...named].sort(), ['ada', 'bob'])
})
