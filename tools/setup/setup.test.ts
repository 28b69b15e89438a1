/** The set-up as a person meets it: in a clone of its own, with steps that are quick. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

/** A clone that has only the set-up, and a script that runs it with steps of our own. */
function clone(
  t: TestContext,
  steps: string,
): { folder: string; run(): Promise<{ code: number | null; said: string }> } {
  const folder = mkdtempSync(join(tmpdir(), 'himalia-setup-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(join(import.meta.dirname), join(folder, 'tools', 'setup'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(
    join(folder, 'try.js'),
    `import { appendFileSync, existsSync, readFileSync } from 'node:fs'
     import { runCommand } from './tools/setup/command.js'
     import { explained } from './tools/setup/failure.js'
     import { runSteps } from './tools/setup/steps.js'
     const did = (what) => appendFileSync('did', what + '\\n')
     const step = (stamp, work) => ({ title: stamp, stamp, inputs: () => readFileSync('inputs', 'utf8'), isWhole: () => true, work })
     try { await runSteps([${steps}]) } catch (error) { console.error(explained(error).message); process.exitCode = 1 }`,
  )
  writeFileSync(join(folder, 'inputs'), 'first')
  return { folder, run: () => run(folder) }
}

function run(folder: string): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, ['try.js'], { cwd: folder, env: { PATH: process.env.PATH } })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })))
}

const done = (folder: string) => readFileSync(join(folder, 'did'), 'utf8').trim().split('\n')

test('a step is done once, and again when what decides it has changed', async (t) => {
  const { folder, run } = clone(t, `[step('a', async () => did('a'))]`)

  await run()
  const { said } = await run()
  assert.deepEqual(done(folder), ['a'])
  assert.equal(said, '')

  writeFileSync(join(folder, 'inputs'), 'second')
  await run()
  assert.deepEqual(done(folder), ['a', 'a'])
})

test('a step that failed is done again, and those before it are not', async (t) => {
  const failOnce = `if (!existsSync('mended')) await runCommand(['sh', '-c', 'echo ENOSPC: no space left on device; exit 1'], { what: 'Trying b' })`
  const { folder, run } = clone(
    t,
    `[step('a', async () => did('a')), step('b', async () => { did('b'); ${failOnce} })]`,
  )

  const first = await run()
  writeFileSync(join(folder, 'mended'), '')
  const second = await run()

  assert.equal(first.code, 1)
  assert.match(first.said, /Trying b failed: the disk is full/)
  assert.equal(second.code, 0)
  assert.deepEqual(done(folder), ['a', 'b', 'b'])
})

test('set-ups at the same time do the work once', async (t) => {
  const { folder, run } = clone(
    t,
    `[step('a', async () => { did('a'); await new Promise((go) => setTimeout(go, 300)) })]`,
  )

  const ends = await Promise.all([run(), run(), run()])

  assert.deepEqual(
    ends.map(({ code }) => code),
    [0, 0, 0],
  )
  assert.deepEqual(done(folder), ['a'])
  assert.equal(existsSync(join(folder, '.himalia', 'lock')), false)
})

test('the lock of a set-up that was killed is taken over, also when its number names another process now', async (t) => {
  const { folder, run } = clone(t, `[step('a', async () => did('a'))]`)
  mkdirSync(join(folder, '.himalia'))
  writeFileSync(join(folder, '.himalia', 'lock'), JSON.stringify({ pid: process.pid, started: 'another time' }))

  const { code } = await run()

  assert.equal(code, 0)
  assert.deepEqual(done(folder), ['a'])
})

test('an interrupted set-up ends its tools, gives the lock back and has finished nothing', async (t) => {
  const { folder } = clone(
    t,
    `[step('a', () => runCommand(['sh', '-c', 'echo $$ > tool; exec sleep 600'], { what: 'a' }))]`,
  )
  const child = spawn(process.execPath, ['try.js'], { cwd: folder, stdio: 'ignore' })
  const ended = new Promise((resolve) => child.once('close', resolve))
  while (!existsSync(join(folder, 'tool')) || readFileSync(join(folder, 'tool'), 'utf8') === '') await sleep(10)

  child.kill('SIGTERM')
  await ended

  const tool = Number(readFileSync(join(folder, 'tool'), 'utf8'))
  assert.equal(existsSync(join(folder, '.himalia', 'lock')), false)
  assert.equal(existsSync(join(folder, '.himalia', 'done', 'a')), false)
  while (isAlive(tool)) await sleep(10)
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
