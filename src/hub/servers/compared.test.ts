import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changes } from './compared.ts'

test('what is new, gone or different is a change, and what is the same is none', () => {
  const running = { image: 'lab:1', memory: '1073741824', 'nvidia.com/gpu': '1', folders: '/home/jovyan' }
  const next = { image: 'lab:2', memory: '1073741824', cpu: '2', folders: '/home/jovyan' }

  assert.deepEqual(changes(running, next), [
    { what: 'image', before: 'lab:1', after: 'lab:2' },
    { what: 'nvidia.com/gpu', before: '1', after: null },
    { what: 'cpu', before: null, after: '2' },
  ])
  assert.deepEqual(changes(next, next), [])
})
