import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { testDeps } from './deps.fixture.ts'
import { authenticatorNames, createAuthenticators } from './registry.ts'

test('every folder is in the registry, and the other way round', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  assert.deepEqual(folders.map(({ name }) => name).sort(), [...authenticatorNames].sort())
})

const namesOf = async (names: readonly string[]) =>
  (await createAuthenticators(names, testDeps())).map(({ name }) => name)

test('without any name it is the one-time link', async () => assert.deepEqual(await namesOf([]), ['local']))

test('class names of JupyterHub lead to ours, each once', async () => {
  const written = [
    'nativeauthenticator.NativeAuthenticator',
    'DUMMY',
    'jupyterhub.auth:DummyAuthenticator',
    'dummyauthenticator.DummyAuthenticator',
    'native',
  ]
  assert.deepEqual(await namesOf(written), ['native', 'dummy'])
})

test('an unknown name is refused with the known ones', async () => {
  await assert.rejects(namesOf(['constructor']), { code: 'AUTHENTICATOR_UNKNOWN', message: /local, dummy, native/ })
})
