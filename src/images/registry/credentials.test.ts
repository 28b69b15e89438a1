import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { credentialFolder, credentialsFor } from './credentials.ts'

const folder = mkdtempSync(join(tmpdir(), 'himalia-credentials-test-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const auth = (text: string) => Buffer.from(text).toString('base64')
writeFileSync(
  join(folder, 'config.json'),
  JSON.stringify({
    auths: {
      'registry.example.org': { auth: auth('ana:one:two') },
      'https://index.docker.io/v1/': { auth: auth('hub:x') },
    },
  }),
)
const env = { DOCKER_CONFIG: folder }
const given = (content: object) => ({ ...env, CONTAINER_ENGINE_REGISTRY_CREDENTIALS: JSON.stringify(content) })

test('the file of `docker login` is read, Docker Hub under its old name too', () => {
  assert.deepEqual(credentialsFor('registry.example.org', env), { username: 'ana', password: 'one:two' })
  assert.deepEqual(credentialsFor('registry-1.docker.io', env), { username: 'hub', password: 'x' })
  assert.equal(credentialsFor('other.example.org', env), null)
})

test("repo2docker's variable comes first, for its registry alone", () => {
  const both = given({ registry: 'https://registry.example.org', username: 'bot', password: 'secret' })

  assert.equal(credentialsFor('registry.example.org', both)?.username, 'bot')
  assert.equal(credentialsFor('other.example.org', both), null)
})

test('credentials that are not whole are refused without showing them', () => {
  const half = given({ registry: 'r', username: 'bot-with-secret' })

  assert.throws(
    () => credentialsFor('r', half),
    (error: Error) => /password is missing/.test(error.message) && !/bot-with/.test(error.message),
  )
  assert.throws(() => credentialsFor('r', { CONTAINER_ENGINE_REGISTRY_CREDENTIALS: '{' }), {
    code: 'CREDENTIALS_INVALID',
  })
})

test("an engine gets a file of its own, and the person's stays as it is", () => {
  const made = credentialFolder(given({ registry: 'r.example.org', username: 'bot', password: 'p' }))!

  const content = JSON.parse(readFileSync(join(made, 'config.json'), 'utf8'))

  assert.equal(content.auths['r.example.org'].auth, auth('bot:p'))
  assert.ok(content.auths['registry.example.org'])
  assert.equal(statSync(join(made, 'config.json')).mode & 0o777, 0o600)
  assert.ok(!readFileSync(join(folder, 'config.json'), 'utf8').includes(auth('bot:p')))
  rmSync(made, { recursive: true })
})
