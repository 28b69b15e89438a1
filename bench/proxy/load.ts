/** Load from raw sockets: cheap enough that the proxy is the limit. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'

export interface Rate {
  readonly perSecond: number
  /** 99th percentile of the time to an answer, in ms; null where it is not measured. */
  readonly p99: number | null
}

interface Load {
  readonly port: number
  readonly connections: number
  readonly ms: number
}

export const smallRequest =
  'GET /small HTTP/1.1\r\nHost: bench\r\nUser-Agent: bench\r\nAccept: */*\r\nCookie: session=0123456789abcdef0123456789abcdef\r\n'
const webSocketHead =
  'GET /ws HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n'

export const hasWrk = ((): boolean => {
  try {
    execFileSync('which', ['wrk'])
    return true
  } catch {
    return false
  }
})()

/** Small answers on kept connections. */
export function keepAlive(load: Load): Promise<Rate> {
  return hasWrk ? wrk(load, []) : pingPong(load, { opening: '', ping: `${smallRequest}\r\n` })
}

/** Small answers, a connection each. */
export function newConnections(load: Load): Promise<Rate> {
  return hasWrk ? wrk(load, ['-H', 'Connection: close']) : oneByOne(load)
}

/** 64-byte messages there and back. */
export function webSocketEcho(load: Load): Promise<Rate> {
  return pingPong(load, { opening: webSocketHead, ping: 'm'.repeat(64) })
}

async function wrk({ port, connections, ms }: Load, flags: readonly string[]): Promise<Rate> {
  const seconds = `${Math.max(1, Math.round(ms / 1000))}s`
  const cookie = ['-H', 'Cookie: session=0123456789abcdef0123456789abcdef']
  const address = `http://127.0.0.1:${port}/small`
  const child = spawn('wrk', ['-t1', `-c${connections}`, `-d${seconds}`, '--latency', ...cookie, ...flags, address])
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  await once(child, 'close')
  const [, value, unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(output) ?? []
  const factor = { us: 0.001, ms: 1, s: 1000 }[unit ?? 'ms'] ?? 1
  if (/Non-2xx/.test(output)) throw new Error(`answers other than 2xx:\n${output}`)
  return { perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]), p99: Number(value) * factor }
}

/** Each connection sends the next ping when the whole answer to the last one is there; answers are all of one size. */
async function pingPong({ port, connections, ms }: Load, talk: { opening: string; ping: string }): Promise<Rate> {
  const times: number[] = []
  let size = 0
  const start = performance.now()
  const run = async () => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    if (talk.opening) {
      socket.write(talk.opening)
      await once(socket, 'data')
    }
    if (size === 0) {
      socket.write(talk.ping)
      const [first] = (await once(socket, 'data')) as [Buffer]
      size = first.length
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let received = 0
    let sent = performance.now()
    socket.on('error', reject)
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length
      if (received < size) return
      received = 0
      const now = performance.now()
      times.push(now - sent)
      sent = now
      if (now - start < ms) socket.write(talk.ping, 'latin1')
      else resolve()
    })
    socket.write(talk.ping, 'latin1')
    await promise
    socket.destroy()
  }
  await Promise.all(Array.from({ length: connections }, run))
  return { perSecond: times.length / ((performance.now() - start) / 1000), p99: percentile99(times) }
}

async function oneByOne({ port, connections, ms }: Load): Promise<Rate> {
  const times: number[] = []
  const start = performance.now()
  const run = async () => {
    while (performance.now() - start < ms) {
      const sent = performance.now()
      const socket = connect({ port, host: '127.0.0.1' })
      socket.end(`${smallRequest}Connection: close\r\n\r\n`).resume()
      await once(socket, 'close')
      times.push(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: connections }, run))
  return { perSecond: times.length / ((performance.now() - start) / 1000), p99: percentile99(times) }
}

function percentile99(times: number[]): number {
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN
}

/** MB/s (10⁶) of one 100 MiB download. */
export async function download(port: number): Promise<number> {
  const socket = connect(port, '127.0.0.1')
  const start = performance.now()
  let received = 0
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  socket.on('error', reject)
  socket.on('end', () => reject(new Error('the download was cut off')))
  socket.on('data', (chunk) => {
    received += chunk.length
    if (received >= 100 * 1024 * 1024) resolve()
  })
  socket.write('GET /large HTTP/1.1\r\nHost: bench\r\n\r\n')
  await promise
  socket.destroy()
  return received / 1e6 / ((performance.now() - start) / 1000)
}

/** MB/s (10⁶) of one 100 MiB upload. */
export async function upload(port: number): Promise<number> {
  const bytes = 100 * 1024 * 1024
  const piece = Buffer.alloc(64 * 1024, 'x')
  const socket = connect(port, '127.0.0.1')
  const start = performance.now()
  const answered = once(socket, 'data')
  socket.write(`PUT /upload HTTP/1.1\r\nHost: bench\r\nContent-Length: ${bytes}\r\n\r\n`)
  for (let left = bytes; left > 0; left -= piece.length) if (!socket.write(piece)) await once(socket, 'drain')
  await answered
  socket.destroy()
  return bytes / 1e6 / ((performance.now() - start) / 1000)
}
