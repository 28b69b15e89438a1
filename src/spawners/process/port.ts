/** The ports of local servers. */
import { randomInt } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { connect, createServer } from 'node:net'

const host = '127.0.0.1'
const tries = 50
/**
 * Below those that systems give to outgoing connections: a server takes seconds to listen, on a busy machine minutes,
 * and until then any connection of any program could take its port away.
 */
const lowest = 20_000
const highest = 32_767

/** A port that nobody listens at and that is not among `given`: those were told to servers that don't listen yet. */
export async function freePort(given: ReadonlySet<number>): Promise<number> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const port = randomInt(lowest, highest + 1)
    if (!given.has(port) && (await isFree(port))) return port
  }
  throw new Error('this machine has no free port left')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** Whether anybody answers at the port. */
export function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host })
    const end = (taken: boolean) => {
      socket.destroy()
      resolve(taken)
    }
    socket.once('connect', () => end(true)).once('error', () => end(false))
  })
}

/**
 * Who listens at the port, seen from the account that a process runs as. Root counts as the same: a server may be
 * run by a program of the system. Another account's program there would be handed the user's cookies.
 */
export function listenerAt(port: number, pid: number): 'nobody' | 'own' | 'stranger' {
  const listeners = listenerAccounts(port)
  if (listeners.length === 0) return 'nobody'
  const own = accountOf(pid)
  return own === null || listeners.every((account) => account === 0 || account === own) ? 'own' : 'stranger'
}

const listening = '0A'

/** The user ids of the sockets that listen at the port, on any address. Empty where the system doesn't tell. */
function listenerAccounts(port: number): readonly number[] {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((file) => read(file).split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, address = '', , state]) => state === listening && address.endsWith(local))
    .map((fields) => Number(fields[7]))
}

function accountOf(pid: number): number | null {
  try {
    return statSync(`/proc/${pid}`).uid
  } catch {
    return null
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
