import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Trie } from './trie.ts'

/** The longest key that is a prefix of the path by whole segments. */
function naiveMatch(keys: Iterable<string>, path: string): string | null {
  let best: string | null = null
  for (const key of keys) {
    const prefix = key === '/' ? '/' : `${key}/`
    if (`${path}/`.startsWith(prefix) && (best === null || key.length > best.length)) best = key
  }
  return best
}

/** Small numbers from a seed, so that a failure can be repeated (mulberry32). */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const words = ['user', 'ada', 'ad', 'a', 'hub', '__proto__', 'constructor', 'toString', 'ü', ' ']

for (let seed = 1; seed <= 20; seed += 1) {
  test(`after any changes a path finds the same route as a search through all of them (seed ${seed})`, () => {
    const pick = seeded(seed)
    const path = (lengths: number) =>
      `/${Array.from({ length: pick(lengths) }, () => words[pick(words.length)]).join('/')}`
    const trie = new Trie<string>()
    const keys = new Set<string>()

    for (let step = 0; step < 500; step += 1) {
      const key = path(4)
      if (pick(3) === 0) {
        trie.delete(key)
        keys.delete(key)
      } else {
        trie.set(key, key)
        keys.add(key)
      }
      const asked = path(6)
      assert.equal(trie.match(asked), naiveMatch(keys, asked), asked)
      assert.equal(trie.match(`${asked}/`), naiveMatch(keys, asked), `${asked}/`)
    }
  })
}

test('an empty segment is a segment: //user/ada is not below /user', () => {
  const trie = new Trie<string>()
  trie.set('/', 'root')
  trie.set('/user/ada', 'ada')

  assert.equal(trie.match('//user/ada'), 'root')
  assert.equal(trie.match('/user//ada'), 'root')
  assert.equal(trie.match('/user/ada//'), 'ada')
})
