import assert from 'node:assert/strict'
import { test } from 'node:test'
import { factsOf } from './edition-view.ts'

test('a card tells resources first, memory in words, and the image by its last part', () => {
  const edition = { image: 'quay.io/jupyter/scipy:1', memory: '2147483648', 'nvidia.com/gpu': '1', folders: '/home' }
  assert.deepEqual(factsOf(edition), [
    { what: 'memory', value: '2 GiB' },
    { what: 'nvidia.com/gpu', value: '1' },
    { what: 'image', value: 'scipy:1' },
  ])
})

test('of what is not known nothing is told', () => {
  assert.deepEqual(factsOf({}), [])
})
