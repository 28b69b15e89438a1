/** What a person does first: clone, one command, the link. Nothing is set up, and npm has nothing in its cache. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { test } from 'node:test'
import { eventually } from '../harness/hub.ts'

const root = join(import.meta.dirname, '..', '..')
const notCloned = new Set(['node_modules', '.himalia', '.git', '.artifacts'])

test('npm start on a fresh clone with an empty npm cache ends with the address and a link that signs in', async () => {
  const place = mkdtempSync(join(tmpdir(), 'himalia-clone-'))
  const clone = join(place, 'himalia')
  mkdirSync(clone)
  for (const entry of readdirSync(root))
    if (!notCloned.has(entry)) cpSync(join(root, entry), join(clone, entry), { recursive: true, filter: isCloned })
  const child = spawn('npm', ['start', '--', '--port', '0', '--data-dir', join(place, 'data')], {
    cwd: clone,
    env: { ...machine(), npm_config_cache: join(place, 'npm-cache') },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const output = textOf(child)
  try {
    const link = await eventually(
      'a sign-in link is printed',
      async () => {
        if (child.exitCode !== null) throw new Error(`npm start ended:\n${output()}`)
        return /^ {2}(http\S+token=\S+)$/m.exec(output())?.[1] ?? null
      },
      480_000,
    )
    assert.match(output(), /Himalia is ready at http:\/\/127\.0\.0\.1:\d+\//)
    assert.ok(existsSync(join(clone, 'node_modules', 'node', 'bin', 'node')))
    assert.ok(existsSync(join(clone, '.himalia', 'python', 'user', 'bin', 'jupyterhub-singleuser')))

    const answer = await fetch(link, { redirect: 'manual' })
    assert.equal(answer.status, 302, output())
    assert.match(answer.headers.get('set-cookie') ?? '', /jupyterhub-session-id|jupyterhub-hub-login/)
  } finally {
    const ended = new Promise((resolve) => child.once('close', resolve))
    if (child.pid) process.kill(-child.pid, 'SIGINT')
    await ended
    assert.deepEqual(runningFrom(place), [], 'nothing is left running')
    rmSync(place, { recursive: true, force: true, maxRetries: 5 })
  }
})

const isCloned = (path: string) => !notCloned.has(path.split('/').at(-1) ?? '')

/** The command lines of processes that name a path of that folder. */
function runningFrom(folder: string): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      } catch {
        return '' // Gone meanwhile.
      }
    })
    .filter((line) => line.includes(folder))
}

/** The environment of a person's shell: without what this run of the tests added. */
function machine(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|HIMALIA_|CI$)/i.test(name))
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) }
}

function textOf(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
  return () => text
}
