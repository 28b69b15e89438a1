/**
 * The load, in a process of its own: raw sockets, one request under way on each, the next when the whole answer is
 * there. Told what to do in one message, answers in one.
 */
import { connect } from 'node:net'

export interface Load {
  readonly port: number
  readonly connections: number
  readonly ms: number
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Each request carries a later time; without it there is no body. */
  readonly activity?: boolean
}

export interface Measured {
  readonly perSecond: number
  /** 99th percentile of the time to an answer, in ms. */
  readonly p99: number
  /** Answers with a status other than 200. */
  readonly bad: number
}

let count = 0

function requestOf({ method, path, headers, activity }: Load): string {
  count += 1
  const body = activity ? JSON.stringify({ last_activity: laterTime(count) }) : ''
  const lines = Object.entries({ host: 'bench', 'content-length': `${body.length}`, ...headers })
  return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
}

/** Microseconds of an hour ago and on, so that every report moves forward and none is in the future. */
function laterTime(step: number): string {
  const base = new Date(Date.now() - 3_600_000).toISOString().slice(0, 19)
  return `${base}.${String(step % 1_000_000).padStart(6, '0')}Z`
}

export async function run(load: Load): Promise<Measured> {
  const times: number[] = []
  let bad = 0
  const end = performance.now() + load.ms
  await Promise.all(
    Array.from({ length: load.connections }, () =>
      converse(load, end, (ms, status) => {
        times.push(ms)
        if (status !== 200) bad += 1
      }),
    ),
  )
  times.sort((a, b) => a - b)
  return { perSecond: (times.length * 1000) / load.ms, p99: times[Math.floor(times.length * 0.99)] ?? Number.NaN, bad }
}

function converse(load: Load, end: number, answered: (ms: number, status: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: load.port, host: '127.0.0.1', noDelay: true })
    let received = ''
    let sent = 0
    const send = () => {
      sent = performance.now()
      socket.write(requestOf(load))
    }
    socket.setEncoding('latin1')
    socket.on('connect', send)
    socket.on('error', reject)
    socket.on('close', () => resolve())
    socket.on('data', (chunk: string) => {
      received += chunk
      const size = sizeOf(received)
      if (size === null || received.length < size) return
      answered(performance.now() - sent, Number(received.slice(9, 12)))
      received = ''
      if (performance.now() < end) send()
      else socket.end()
    })
  })
}

/** Of head and body together; null while the head is not there. */
function sizeOf(text: string): number | null {
  const head = text.indexOf('\r\n\r\n')
  if (head === -1) return null
  const [, length = '0'] = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head)) ?? []
  return head + 4 + Number(length)
}

if (import.meta.main) {
  process.once('message', (load: Load) => {
    void run(load).then((measured) => process.send?.(measured, undefined, undefined, () => process.disconnect?.()))
  })
}
