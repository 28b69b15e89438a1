import assert from 'node:assert/strict'
import { test } from 'node:test'
import { remembering } from './lookup.ts'

test('while names can not be looked up, the addresses that they had are taken', () => {
  let isDown = false
  const said: unknown[] = []
  const lookup = remembering((name, _options, callback) => {
    if (isDown) callback(new Error('EAI_AGAIN'), '')
    else callback(null, `address of ${name}`, 4)
  })
  const ask = (name: string) => lookup(name, {}, (error, address) => said.push(error?.message ?? address))

  ask('hub')
  isDown = true
  ask('hub')
  ask('never-seen')

  assert.deepEqual(said, ['address of hub', 'address of hub', 'EAI_AGAIN'])
})
