import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authenticatorContract, visit } from '../contract.suite.ts'
import { testDeps } from '../deps.fixture.ts'
import { create } from './index.ts'

const token = 't'.repeat(43)
const deps = () => {
  const made = testDeps({ id: 'local' })
  made.taken.set(token, { kind: 'taken', userName: 'ada' })
  made.taken.set('e'.repeat(43), { kind: 'expired' })
  return made
}

authenticatorContract({
  name: 'local',
  make: async () => create(deps()),
  good: { form: { token }, userName: 'ada' },
  bad: [{ token: 'x'.repeat(43) }, { token: 'short' }, { token: `${token}/..` }, { username: 'ada' }],
})

test('the second who opens the link is told that it was used', async () => {
  const local = create(deps())
  await local.authenticate({ token }, visit)
  const second = await local.authenticate({ token }, visit)
  assert.ok(second.kind === 'denied' && second.code === 'LINK_USED' && /used already/.test(second.message))
})

test('whoever opens it too late is told so', async () => {
  const late = await create(deps()).authenticate({ token: 'e'.repeat(43) }, visit)
  assert.ok(late.kind === 'denied' && late.code === 'LINK_EXPIRED' && /expired/.test(late.message))
})
