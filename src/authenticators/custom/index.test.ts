import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { silentLog } from '#base/log.ts'
import { openHooks } from '#hooks'
import { authenticatorContract, visit } from '../contract.suite.ts'
import { testDeps } from '../deps.fixture.ts'
import { create } from './index.ts'

const code = `
export const authenticator = {
  service: 'Library card',
  authenticate({ username, password }, visit) {
    if (username === 'late') return 'The library is closed.'
    return password === 'open sesame' ? { userName: username, groups: ['readers'], subject: 'card 7' } : null
  },
}`
const hooks = openHooks(
  () => ({ sources: [{ name: 'a', path: 'a', code, at: null }], names: ['authenticator'], timeoutSeconds: 20 }),
  silentLog,
)
after(() => hooks.close())
const make = () => create({ ...testDeps({ id: 'custom' }), hooks })

authenticatorContract({
  name: 'custom',
  make,
  good: { form: { username: 'ada', password: 'open sesame' }, userName: 'ada' },
  bad: [{ username: 'ada', password: 'close sesame' }, { username: 'ada' }, { password: 'open sesame' }],
})

test('what the code says of itself and of the person is taken', async () => {
  const own = await make()
  assert.equal(own.service, 'Library card')
  const result = await own.authenticate({ username: 'ada', password: 'open sesame' }, visit)
  assert.ok(result.kind === 'identity')
  assert.deepEqual(result.identity.groups, ['readers'])
  assert.equal(result.identity.subject, 'card 7')
})

test('a refusal in words is shown', async () => {
  const result = await (await make()).authenticate({ username: 'late', password: 'x' }, visit)
  assert.deepEqual(result, { kind: 'denied', code: 'REFUSED_BY_HOOK', message: 'The library is closed.' })
})
