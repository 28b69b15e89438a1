/**
 * A PostgreSQL of its own for a test file: Debian's binaries, a fresh cluster in a temporary directory, a free port of
 * loopback, durability off. As root it runs as another user, since PostgreSQL refuses root.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { accessSync, chownSync, globSync } from 'node:fs'
import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)

export interface RunningPostgres {
  /** `postgresql://hub:…@127.0.0.1:port/hub`, a superuser. */
  readonly url: string
  /** Makes an empty database beside the first and returns its address. */
  createDatabase(name: string): Promise<string>
  stop(): Promise<void>
}

/** Null with binaries missing: the caller skips and says so. */
export function postgresBinaries(): string | null {
  const folders = [...globSync('/usr/lib/postgresql/*/bin').sort().reverse(), ...(process.env.PATH ?? '').split(':')]
  return folders.find((folder) => isThere(join(folder, 'initdb')) && isThere(join(folder, 'postgres'))) ?? null
}

/** `address`: of this machine, where others than it reach the server, too; whoever does is let in. */
export async function startPostgres({ address = '127.0.0.1' }: { address?: string } = {}): Promise<RunningPostgres> {
  const bin = postgresBinaries()
  if (bin === null) throw new Error('PostgreSQL is not installed (Debian: apt-get install postgresql)')
  const folder = await mkdtemp(join(tmpdir(), 'himalia-postgres-'))
  const user = await runAs(folder)
  const data = join(folder, 'data')
  await run(join(bin, 'initdb'), ['-D', data, '-U', 'hub', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-N'], user)
  if (address !== '127.0.0.1') await appendFile(join(data, 'pg_hba.conf'), 'host all all all trust\n')
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    const server = spawn(join(bin, 'postgres'), ['-D', data, ...settings({ address, port, folder })], {
      ...user,
      stdio: 'ignore',
    })
    const url = (name: string) => `postgresql://hub:secret@${address}:${port}/${name}`
    if (await answers(url('postgres'), server)) {
      const createDatabase = async (name: string) => {
        await query(url('postgres'), `create database "${name}"`)
        return url(name)
      }
      return { url: await createDatabase('hub'), createDatabase, stop: () => stop(server, folder) }
    }
    // Another process may have taken the port in between.
    if (attempt === 3) throw new Error('PostgreSQL did not start')
  }
}

function settings({ address, port, folder }: { address: string; port: number; folder: string }): string[] {
  const values = {
    listen_addresses: address,
    port,
    unix_socket_directories: folder,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: 60,
    shared_buffers: '16MB',
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

async function answers(url: string, server: ChildProcess): Promise<boolean> {
  for (let attempt = 0; attempt < 400 && server.exitCode === null; attempt += 1) {
    const ready = await query(url, 'select 1').then(
      () => true,
      () => false,
    )
    if (ready) return true
    await sleep(25)
  }
  return false
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}

/** SIGINT: disconnects clients, then stops. */
async function stop(server: ChildProcess, folder: string): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const exited = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGINT')
    await exited
  }
  await rm(folder, { recursive: true, force: true })
}

async function runAs(folder: string): Promise<{ uid?: number; gid?: number; cwd: string }> {
  if (process.getuid?.() !== 0) return { cwd: folder }
  const id = async (flag: string) => Number((await run('id', [flag, 'nobody'])).stdout)
  const user = { uid: await id('-u'), gid: await id('-g') }
  chownSync(folder, user.uid, user.gid)
  return { ...user, cwd: folder }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

function isThere(path: string): boolean {
  try {
    accessSync(path)
    return true
  } catch {
    return false
  }
}
