import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authenticatorContract, visit } from '../contract.suite.ts'
import { testDeps } from '../deps.fixture.ts'
import { create } from './index.ts'

authenticatorContract({
  name: 'dummy',
  make: async () => create(testDeps({ id: 'dummy', options: { password: 'open sesame' } })),
  good: { form: { username: 'ada', password: 'open sesame' }, userName: 'ada' },
  bad: [{ username: 'ada', password: 'close sesame' }, { username: 'ada' }, { password: 'open sesame' }],
})

test('without a password none is asked, and any is taken', async () => {
  const dummy = create(testDeps({ options: { password: null } }))
  assert.equal(dummy.asksPassword, false)
  assert.equal((await dummy.authenticate({ username: 'ada' }, visit)).kind, 'identity')
  assert.equal((await dummy.authenticate({ username: 'ada', password: 'x' }, visit)).kind, 'identity')
})
