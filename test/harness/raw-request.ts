/** Requests as bytes: no client library between the test and the socket mends what is wrong with them. */
import { connect } from 'node:net'

export interface Answer {
  /** 0 when the connection was closed without an answer. */
  readonly status: number
  /** Of headers that came twice, both values. */
  readonly headers: Headers
  readonly text: string
}

export interface RawRequest {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** HTTP/1.1 that asks for the end of the connection; the body with its true length. */
export function requestBytes({ method = 'GET', path, headers = {}, body }: RawRequest): Buffer {
  const bytes = Buffer.from(body ?? '')
  const all = {
    Host: '127.0.0.1',
    Connection: 'close',
    ...(body === undefined ? {} : { 'Content-Length': String(bytes.length) }),
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), bytes])
}

/** The first answer to these bytes. Fails when neither an answer nor the end of the connection comes in `ms`. */
export function exchangeBytes(port: number, bytes: Uint8Array | string, ms = 20_000): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1')
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`Nothing but ${JSON.stringify(textOf(chunks).slice(0, 200))} within ${ms / 1000} s`))
    }, ms)
    const settle = (): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(readAnswer(textOf(chunks)))
    }
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      if (isWhole(textOf(chunks))) settle()
    })
    socket.on('end', settle)
    // A server that refuses a large body closes before it was sent.
    socket.on('error', settle)
    socket.write(bytes)
  })
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('latin1')
}

/** Without a length the answer goes on to the end of the connection. */
function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) return false
  const length = /\r\ncontent-length: *(\d+)\r\n/i.exec(text.slice(0, end + 2))?.[1]
  return length !== undefined && text.length - end - 4 >= Number(length)
}

function readAnswer(text: string): Answer {
  const end = text.indexOf('\r\n\r\n')
  const [first = '', ...lines] = text.slice(0, end === -1 ? undefined : end).split('\r\n')
  const headers = new Headers()
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  const body = end === -1 ? '' : text.slice(end + 4)
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0), headers, text: utf8(body) }
}

function utf8(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8')
}
