/** `himalia user`: the first administrator of a class with passwords, from an empty folder to the admin page. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { startHub } from '../harness/hub.ts'
import { Visitor } from '../harness/visitor.ts'

const main = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts')
const native = `
hub:
  config:
    JupyterHub:
      authenticator_class: native
`

interface Place {
  readonly dataDir: string
  himalia(words: readonly string[], input?: string): Promise<{ code: number | null; out: string; err: string }>
}

function place(t: TestContext, config = native): Place {
  const dataDir = mkdtempSync(join(tmpdir(), 'himalia-user-'))
  t.after(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 }))
  const file = join(dataDir, 'config.yaml')
  writeFileSync(file, config)
  const flags = ['--config', file, '--data-dir', dataDir]
  return { dataDir, himalia: (words, input = '') => run([main, 'user', ...words, ...flags], input) }
}

function run(words: readonly string[], input: string): ReturnType<Place['himalia']> {
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'pipe'] })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text
  })
  child.stdin.end(input)
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...said })))
}

test('the first administrator is added before the first start, signs in and sees the admin page', async (t) => {
  const { dataDir, himalia } = place(t)

  assert.deepEqual(await himalia(['add', 'Teacher', '--admin'], 'correct horse\n'), {
    code: 0,
    out: 'Added Teacher, an administrator.\n',
    err: '',
  })
  await using hub = await startHub({ config: native, dataDir })
  assert.doesNotMatch(hub.output(), /No administrator/)
  const visitor = new Visitor(hub.url)
  await visitor.signIn('teacher', 'correct horse')

  assert.equal((await visitor.open('/hub/admin')).status, 200)
})

test('a start without an administrator says how to make one, and a running hub takes them', async (t) => {
  const { dataDir, himalia } = place(t, `${native}    Authenticator:\n      admin_users: [grace]\n`)
  const config = `${native}    Authenticator:\n      admin_users: [grace]\n`
  await using hub = await startHub({ config, dataDir })
  assert.match(hub.output(), /No administrator has a password yet/)
  assert.match(hub.output(), new RegExp(`npx himalia user password grace --config \\S+ --data-dir ${dataDir}`))

  assert.equal((await himalia(['password', 'grace'], 'correct horse\n')).code, 0)
  const visitor = new Visitor(hub.url)
  await visitor.signIn('grace', 'correct horse')

  assert.equal((await visitor.open('/hub/admin')).status, 200)
})

test('what is refused and what is not understood ends with its own code, a sentence and a hint', async (t) => {
  const { himalia } = place(t)

  const refused = await himalia(['password', 'eve'], 'correct horse\n')
  assert.equal(refused.code, 1)
  assert.match(refused.err, /There is no user eve\.\n`himalia user list`/)
  const misunderstood = await himalia(['remove', 'ana'])
  assert.equal(misunderstood.code, 2)
  assert.match(misunderstood.err, /there is no "remove"\.?\nSee `himalia user --help`/)
  const silent = await himalia(['add', 'eve'])
  assert.equal(silent.code, 2)
  assert.match(silent.err, /no password came/)
  assert.match((await himalia(['list'])).out, /There are no users yet/)
})

test('at a terminal the password is asked for twice and not shown', async (t) => {
  const { dataDir, himalia } = place(t)
  const file = join(dataDir, 'config.yaml')
  const command = `${process.execPath} ${main} user add ana --config ${file} --data-dir ${dataDir}`
  const terminal = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] })
  let shown = ''
  const answers = ['correct horse\r', 'correct horse\r']
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text
    if (/: $/.test(text)) terminal.stdin.write(answers.shift() ?? '')
  })
  const code = await new Promise((resolve) => terminal.once('close', resolve))

  assert.equal(code, 0, shown)
  assert.match(shown, /New password of ana: [\s\S]*The same again: [\s\S]*Added ana/)
  assert.doesNotMatch(shown, /horse/)
  assert.match((await himalia(['list'])).out, /ana.*password/)
})
