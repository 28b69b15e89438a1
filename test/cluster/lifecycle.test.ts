/** Up and down, with a second cluster beside the clone's own. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { addressesOf, chooseNumber, clusters } from './addresses.ts'
import { noCluster } from './index.ts'
import { findNamespace, processes } from './namespace.ts'
import { root } from './paths.ts'

const execute = promisify(execFile)
const number = (chooseNumber(root) + clusters / 2) % clusters
const { name, link, pods } = addressesOf(number)

const skip = noCluster || (process.env.KUBECONFIG ? 'it would not be that of KUBECONFIG' : false)

function command(word: string): Promise<{ stdout: string }> {
  const env = { ...process.env, HIMALIA_CLUSTER: `${number}` }
  return execute(process.execPath, [join(import.meta.dirname, 'main.ts'), word], { env })
}

/** All processes of the cluster's namespace. */
function members(): number[] {
  const first = findNamespace(name)
  const table = (pid: number) => readlinkSync(`/proc/${pid}/ns/pid`)
  return first === null ? [] : processes().flatMap(({ pid }) => (isSame(pid, table(first), table) ? [pid] : []))
}

function isSame(pid: number, wanted: string, table: (pid: number) => string): boolean {
  try {
    return table(pid) === wanted
  } catch {
    return false // It has ended since.
  }
}

test('a cluster whose processes were all killed comes up again, and leaves nothing when it goes down', {
  skip,
}, async () => {
  await command('up')
  try {
    assert.ok(members().length > 10)
    for (const pid of members().reverse()) kill(pid)
    await assert.rejects(command('status'))

    await command('up')
    assert.match((await command('status')).stdout, /the API +answers/)
  } finally {
    await command('down')
  }
  assert.deepEqual(members(), [])
  assert.deepEqual(
    processes().filter(({ words }) => words.some((word) => word.includes(name))),
    [],
  )
  assert.equal((await execute('ip', ['route'])).stdout.includes(pods), false)
  assert.equal(existsSync(`/sys/class/net/${link}`), false)
  assert.equal(existsSync(join(root, '.himalia', 'cluster', name)), false)
  assert.equal(readFileSync('/proc/mounts', 'utf8').includes(name), false)
  assert.equal(
    readdirSync('/sys/fs/cgroup').some((folder) => existsSync(join('/sys/fs/cgroup', folder, name))),
    false,
  )
})

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It went with the one before.
  }
}

test('a command that is not understood says where to look', async () => {
  const failure = await command('sideways').catch((error) => error)
  assert.equal(failure.code, 2)
  assert.match(failure.stderr, /cluster -- --help/)
})
