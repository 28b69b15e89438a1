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
  ["It's mine", 'it-s-mine'],
  ['日本語', 'ri-ben-yu'],
  ['北京 GPU', 'bei-jing-gpu'],
  ['Привет мир', 'privet-mir'],
  ['한국어 환경', 'hangugeo-hwangyeong'],
  ['Größe für alle', 'grosse-fur-alle'],
  ['Łódź – ½ GPU', 'lodz-1-2-gpu'],
  ['“q” ‘r’ ①', 'q-r-1'],
  ['🚀 Rocket', 'rocket'],
  ['€ 5 und 10 µm', 'eur-5-und-10-mm'],
  ['Tiếng Việt', 'tieng-viet'],
  ['&#65;', 'a'],
  ['', ''],
]

for (const [name, slug] of slugs) {
  test(`the slug of ${JSON.stringify(name)} is ${JSON.stringify(slug)}`, () => {
    assert.equal(slugify(name), slug)
  })
}
