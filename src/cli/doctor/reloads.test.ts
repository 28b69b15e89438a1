import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reloadSentences } from '../follow-config.ts'
import { lastReload } from './reloads.ts'

const line = (msg: string, fields: object = {}) => JSON.stringify({ level: 30, ...fields, msg })
const taken = line(reloadSentences.taken, { waiting: ['hub.db'] })
const refused = line(reloadSentences.refused, { problem: 'values.yaml:1:1: error' })

test('the last change counts', () => {
  assert.deepEqual(lastReload([refused, taken, line('Server is ready')].join('\n')), {
    refused: null,
    waiting: ['hub.db'],
  })
  assert.deepEqual(lastReload([taken, refused].join('\n')), { refused: 'values.yaml:1:1: error', waiting: [] })
})

test('without a change there is nothing to tell', () => {
  assert.equal(lastReload(line('The hub is ready')), null)
  assert.equal(lastReload(''), null)
})
