import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { configCommand } from './commands/index.ts'
import { formatProblems } from './format-problems.ts'
import { loadConfig } from './load.ts'

let folder = ''
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'himalia-references-'))
})
after(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string | Buffer): string {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
  return path
}

async function load(text: string, options: { mode?: 'local' | 'cluster'; secrets?: string } = {}) {
  const { settings, problems } = await loadConfig({ files: [file('config.yaml', text)], ...options })
  return { settings, said: formatProblems(problems, { color: false }).replaceAll(`${folder}/`, '') }
}

test('a value is read from a file beside the configuration, without the end of its line', async () => {
  file('password', 'hunter2\n')
  file('timeout', '7200\n')
  const { settings, said } = await load(
    'hub: {config: {DummyAuthenticator: {password: {file: password}}}}\ncull: {timeout: {file: timeout}}\n',
  )
  assert.equal(settings?.dummy.password, 'hunter2', said)
  assert.equal(settings?.cull.timeoutSeconds, 7200)
})

test('what is wrong with a file is said at the place of the reference', async () => {
  file('large', 'x'.repeat(2 ** 20 + 1))
  file('binary', Buffer.from([0xff, 0xfe, 0x00]))
  for (const [name, why] of [
    ['missing', /config\.yaml:1:\d+: error: The value is to be read from missing, but there is no such file\./],
    ['.', /but it is a directory/],
    ['large', /but it has 1048577 bytes, and 1048576 is the most/],
    ['binary', /but it is not text in UTF-8/],
  ] as const)
    assert.match((await load(`hub: {cookieSecret: {file: ${name}}}\n`)).said, why)
})

test('a wrong value from a file is never shown', async () => {
  file('soon', 'hunter2')
  const { settings, said } = await load('cull: {timeout: {file: soon}}\n')
  assert.equal(settings, null)
  assert.match(said, /cull\.timeout should be a whole number of seconds/)
  assert.doesNotMatch(said, /hunter2/)
})

test('a Secret needs a cluster, and there its folder', async () => {
  const text =
    'hub: {config: {JupyterHub: {authenticator_class: dummy}, DummyAuthenticator: {password: {valueFrom: {secretKeyRef: {name: class, key: word}}}}}}\n'
  assert.match((await load(text)).said, /stands in the Secret "class" of a cluster.*\n(.*\n)*.*\{file: that\/file\}/)
  assert.doesNotMatch((await load(text, { mode: 'cluster' })).said, /error/)

  const secrets = join(folder, 'secrets')
  mkdirSync(secrets, { recursive: true })
  assert.match((await load(text, { mode: 'cluster', secrets })).said, /The Secret "class" with the key "word" can't be/)

  file('secrets/class/word', 'hunter2')
  assert.equal((await load(text, { mode: 'cluster', secrets })).settings?.dummy.password, 'hunter2')
})

test('other forms of a reference are refused, and no name leads out of the folder', async () => {
  const secrets = join(folder, 'secrets')
  file('secrets/other/word', 'x')
  file('outside', 'hunter2')
  for (const from of ['{secretKeyRef: {name: ../outside, key: x}}', '{configMapKeyRef: {name: a, key: b}}', 'text']) {
    const { said, settings } = await load(`hub: {cookieSecret: {valueFrom: ${from}}}\n`, { mode: 'cluster', secrets })
    assert.equal(settings, null)
    assert.match(said, /is written \{valueFrom: \{secretKeyRef: \{name, key\}\}\}/)
  }
})

test("environment variables of pods keep Kubernetes' own references", async () => {
  const { said } = await load(
    'singleuser: {extraEnv: {A: {valueFrom: {secretKeyRef: {name: a, key: b}}}}}\nhub: {config: {Authenticator: {allow_all: true}}}\n',
    { mode: 'cluster' },
  )
  assert.doesNotMatch(said, /error/)
})

test('show prints the reference, not what it names', async () => {
  file('password', 'hunter2\n')
  const lines: string[] = []
  const io = { out: (text: string) => void lines.push(text), err: () => {}, color: false }
  const config = file('config.yaml', 'custom: {a: 1}\nsingleuser: {cmd: {file: password}}\n')
  await configCommand(['show', config, '--mode', 'local'], io)
  const out = lines.join('\n')
  assert.match(out, /file: password/)
  assert.doesNotMatch(out, /hunter2/)
})

test('hub.existingSecret is merged over the values: its values.yaml, then its keys by path', async () => {
  file('secrets/mine/values.yaml', 'hub: {config: {DummyAuthenticator: {password: from-values}}}\n')
  file('secrets/mine/hub.config.JupyterHub.cookie_secret', `${'ab'.repeat(32)}\n`)
  const text =
    'hub: {existingSecret: mine, config: {JupyterHub: {authenticator_class: dummy}, DummyAuthenticator: {password: given}}}\n'
  const secrets = join(folder, 'secrets')
  const { settings, said } = await load(text, { mode: 'cluster', secrets })
  assert.equal(settings?.dummy.password, 'from-values', said)
  assert.equal(settings?.hub.cookieSecret, 'ab'.repeat(32))

  const missing = await load('hub: {existingSecret: gone}\n', { mode: 'cluster', secrets })
  assert.match(missing.said, /gone.*there is no such file/)
})

test('a list of names is a file with one a line, which may hold comments', async () => {
  file('allowed.txt', '# The course of the summer\nada\n\n  grace # its teacher\n')
  const text =
    'hub: {config: {JupyterHub: {authenticator_class: dummy}, Authenticator: {allowed_users: {file: allowed.txt}}}}\n'
  const { settings, said } = await load(text)
  assert.deepEqual(settings?.authenticator.allowedUsers, ['ada', 'grace'], said)
})
