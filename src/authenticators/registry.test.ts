import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { testDeps } from './deps.fixture.ts'
import { providers } from './oauth/providers/index.ts'
import { authenticatorNames, createAuthenticators } from './registry.ts'

test('every folder is in the registry, and the other way round', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const registered = authenticatorNames.map((name) => (Object.hasOwn(providers, name) ? 'oauth' : name))
  assert.deepEqual(folders.map(({ name }) => name).sort(), [...new Set(registered)].sort())
})

test('every provider of OAuth is in the registry', () => {
  assert.deepEqual(
    Object.keys(providers).filter((name) => !authenticatorNames.includes(name)),
    [],
  )
})

const idsOf = async (...ids: readonly string[]) => {
  const ways = ids.map((id) => ({ id, name: id }))
  return (await createAuthenticators(ways, (id) => testDeps({ id }))).map(({ id }) => id)
}

test('without any name it is the one-time link', async () => assert.deepEqual(await idsOf(), ['local']))

test('several are made in the order of the page', async () => {
  assert.deepEqual(await idsOf('native', 'dummy'), ['native', 'dummy'])
})

test('an unknown name is refused with the known ones', async () => {
  await assert.rejects(idsOf('constructor'), { code: 'AUTHENTICATOR_UNKNOWN', message: /local, dummy, custom, native/ })
})
