import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authenticatorContract, visit } from '../contract.suite.ts'
import type { Recognised } from '../contract.ts'
import { testDeps } from '../deps.fixture.ts'
import { create } from './index.ts'

const make = () => create(testDeps({ id: 'tmp' }))

authenticatorContract({ name: 'tmp', make: async () => make(), bad: [{ username: 'ada' }] })

test('each visit is somebody else', async () => {
  const [route] = make().routes!
  const nameOf = async () => ((await route!.run(visit)) as Recognised).identity.userName
  const [first, second] = [await nameOf(), await nameOf()]
  assert.match(first, /^[0-9a-f]{8}-[0-9a-f-]{27}$/)
  assert.notEqual(first, second)
})
