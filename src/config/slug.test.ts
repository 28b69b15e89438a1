import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slugify } from './slug.ts'

// Each pair as KubeSpawner makes it.
const slugs: readonly [string, string][] = [
  ['GPU: A100 (40GB)', 'gpu-a100-40gb'],
  ['Ünïcode & x', 'unicode-x'],
  ['a_b', 'a-b'],
  ['C++ / R', 'c-r'],
  ['It’s 8GB RAM, 2 CPUs', 'its-8gb-ram-2-cpus'],
  ['1,000 cores', '1000-cores'],
  ['&amp; x', 'x'],
  ['Learning Data Science', 'learning-data-science'],
  ['', ''],
]

for (const [name, slug] of slugs) {
  test(`the slug of ${JSON.stringify(name)} is ${JSON.stringify(slug)}`, () => {
    assert.equal(slugify(name), slug)
  })
}
