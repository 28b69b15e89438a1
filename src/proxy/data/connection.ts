/**
 * A connection to an upstream, and the calls made over it one after the other. Node's own client spends about half
 * of the CPU time of a small request on objects per request; here one set of listeners lives as long as the socket
 * (measured: see bench/proxy; undici is as cheap, but refuses Expect and Transfer-Encoding and sends no trailers).
 */
import { connect, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import type { Target } from '../routes/target.ts'
import type { Framing } from './headers.ts'
import { lookupOrRemember } from './lookup.ts'
import { type AnswerEvents, ResponseParser } from './response-parser.ts'

export const connectMs = 10_000

export interface CallHandler extends AnswerEvents {
  /** More of the request's body may be written. */
  drain(): void
  /** The call is over without a whole answer. */
  failed(error: Error, how: Failure): void
}

/**
 * `unsent`: there was no connection, so nobody has seen anything of it. `unseen`: it went out on a kept connection and
 * nothing came back. `lost`: it may have been carried out.
 */
export type Failure = 'unsent' | 'unseen' | 'lost'

export interface CallHead {
  readonly method: string
  readonly path: string
  /** Complete and flat. */
  readonly headers: readonly string[]
  readonly framing: Framing
}

export interface ConnectionOwner {
  /** The connection is free again. */
  idle(connection: Connection): void
  closed(connection: Connection): void
}

export class Connection {
  readonly target: Target
  readonly #owner: ConnectionOwner
  readonly #socket: Socket
  #handler: CallHandler | null = null
  #parser: ResponseParser | null = null
  #chunked = false
  #sent = true
  #calls = 0
  #answered = false
  #isOpen = false
  #whenOpen: (() => void) | null = null
  #error: Error | null = null

  constructor(target: Target, owner: ConnectionOwner) {
    this.target = target
    this.#owner = owner
    this.#socket = openSocket(target)
    limitConnecting(this.#socket)
    this.#socket.once(target.secure ? 'secureConnect' : 'connect', () => {
      this.#isOpen = true
      this.#whenOpen?.()
    })
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk))
    this.#socket.on('drain', () => this.#handler?.drain())
    this.#socket.on('end', () => this.#ended())
    this.#socket.on('error', (error) => {
      this.#error = error
    })
    this.#socket.on('timeout', () => this.destroy())
    this.#socket.on('close', () => this.#closed())
  }

  get usable(): boolean {
    return this.#handler === null && this.#socket.writable && !this.#socket.readableEnded
  }

  /** Sends a head. Throws when it holds what would break out of it. */
  send(head: CallHead, handler: CallHandler): void {
    const text = headText(head)
    this.#handler = handler
    this.#parser = new ResponseParser(head.method, this.#events(handler))
    this.#chunked = head.framing.kind === 'chunked'
    this.#sent = head.framing.kind === 'none'
    this.#answered = false
    this.#calls += 1
    if (this.#calls > 1) this.#socket.setTimeout(0)
    this.#socket.write(text, 'latin1')
  }

  /** Calls it when the other side has taken the connection; it may have long ago. */
  whenOpen(callback: () => void): void {
    if (this.#isOpen) callback()
    else this.#whenOpen = callback
  }

  /** A piece of the body; false: wait for `drain`. */
  write(chunk: Buffer): boolean {
    // Nobody takes it any more: the rest of an upload is dropped.
    if (!this.#socket.writable) return true
    if (!this.#chunked) return this.#socket.write(chunk)
    this.#socket.cork()
    this.#socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1')
    this.#socket.write(chunk)
    const free = this.#socket.write('\r\n', 'latin1')
    this.#socket.uncork()
    return free
  }

  end(trailers: readonly [string, string][]): void {
    if (this.#sent) return
    this.#sent = true
    if (!this.#chunked || !this.#socket.writable) return
    this.#socket.write(`0\r\n${trailers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`, 'latin1')
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** The call, if there is one, is given up: its handler hears nothing more. */
  destroy(): void {
    this.#handler = null
    this.#socket.destroy()
  }

  /** Closes the connection if it is not used again in time. */
  closeAfter(ms: number): void {
    const seconds = this.#parser?.keepSeconds
    this.#socket.setTimeout(seconds ? Math.min(ms, Math.max(seconds * 1000 - 1000, 1)) : ms)
  }

  #events(handler: CallHandler): AnswerEvents {
    return {
      information: (status, headers) => handler.information(status, headers),
      head: (head) => handler.head(head),
      body: (chunk) => {
        if (this.#handler === handler) handler.body(chunk)
      },
      end: (trailers) => {
        if (this.#handler === handler) handler.end(trailers)
      },
    }
  }

  #read(chunk: Buffer): void {
    // Nobody asked: an answer to no question must not become the answer to the next one.
    if (!this.#handler || !this.#parser) {
      this.destroy()
      return
    }
    this.#answered = true
    try {
      this.#parser.write(chunk)
    } catch (error) {
      // Bytes behind a whole answer spoil the connection, not the answer.
      if (this.#parser.done) this.destroy()
      else this.#fail(error as Error)
      return
    }
    if (this.#parser.done) this.#release()
  }

  #ended(): void {
    if (!this.#handler || !this.#parser) {
      this.destroy()
      return
    }
    try {
      this.#parser.finish()
      this.#release()
    } catch (error) {
      this.#fail(error as Error)
    }
  }

  #closed(): void {
    this.#owner.closed(this)
    this.#fail(this.#error ?? new Error('the upstream closed the connection without an answer'))
  }

  #fail(error: Error): void {
    const handler = this.#handler
    this.destroy()
    handler?.failed(error, this.#howFailed())
  }

  #howFailed(): Failure {
    if (!this.#isOpen) return 'unsent'
    return this.#calls > 1 && !this.#answered ? 'unseen' : 'lost'
  }

  #release(): void {
    this.#handler = null
    this.#socket.resume()
    // An answer before the end of the request's body leaves the connection in the middle of it: no other call may follow.
    const reusable = this.#sent && this.#parser?.persistent && this.#parser.keepSeconds !== 0 && this.#socket.writable
    if (reusable) this.#owner.idle(this)
    else this.#socket.destroy()
  }
}

function openSocket(target: Target): Socket {
  if (target.socketPath !== null) return connect({ path: target.socketPath })
  const place = {
    host: target.host ?? '',
    port: target.port,
    lookup: lookupOrRemember,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
  }
  if (!target.secure) return connect(place)
  return connectSecurely({
    ...place,
    servername: /^[\d.]+$|:/.test(place.host) ? '' : place.host,
    ALPNProtocols: ['http/1.1'],
  })
}

export function limitConnecting(socket: Socket): void {
  if (!socket.connecting) return
  const timer = setTimeout(() => socket.destroy(new Error(`no connection within ${connectMs} ms`)), connectMs)
  const done = () => clearTimeout(timer)
  socket.once('connect', done)
  socket.once('close', done)
}

const breaking = /[\r\n\0]/

function headText({ method, path, headers }: CallHead): string {
  let text = `${method} ${path} HTTP/1.1\r\n`
  if (breaking.test(method) || /[\r\n\0 ]/.test(path)) throw new Error('the request line can not be sent')
  for (let index = 0; index < headers.length; index += 2) {
    const value = headers[index + 1] as string
    if (breaking.test(value)) throw new Error('a header can not be sent')
    text += `${headers[index]}: ${value}\r\n`
  }
  return `${text}\r\n`
}
