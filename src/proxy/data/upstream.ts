import { Agent, type AgentOptions, type ClientRequest, request as httpRequest, type RequestOptions } from 'node:http'
import { request as httpsRequest, Agent as SecureAgent } from 'node:https'
import type { Socket } from 'node:net'
import type { Target } from '../routes/target.ts'

/** How long an unused connection stays open; bounds the ports a proxy of thousands of servers holds. */
const idleMs = 60_000
const connectMs = 10_000
const maxHeaderSize = 64 * 1024

export interface UpstreamCall {
  readonly method: string
  readonly path: string
  /** Complete and flat: nothing is added to it. */
  readonly headers: string[]
  /** `pooled`: kept for the next call; `single`: new, for this call alone. */
  readonly connection: 'pooled' | 'single'
}

// The agent closes an unused socket at its timeout, or a second before the upstream's own Keep-Alive hint; on a busy
// socket the timeout does nothing, so long polls live on.
const pooled: AgentOptions = { keepAlive: true, maxFreeSockets: 256, scheduling: 'lifo', timeout: idleMs }

/** The connections to user servers and to the hub. */
export class Upstreams {
  readonly #plain = { pooled: new Agent(pooled), single: new Agent({ keepAlive: false }) }
  readonly #secure = { pooled: new SecureAgent(pooled), single: new SecureAgent({ keepAlive: false }) }

  /** Throws when a header or the path can't be put on the wire. */
  open(target: Target, call: UpstreamCall): ClientRequest {
    const agent = (target.secure ? this.#secure : this.#plain)[call.connection]
    const options: RequestOptions = {
      method: call.method,
      path: call.path,
      headers: call.headers,
      maxHeaderSize,
      agent,
    }
    if (target.socketPath === null) {
      options.host = target.host
      options.port = target.port
    } else {
      options.socketPath = target.socketPath
    }
    const upstream = target.secure ? httpsRequest(options) : httpRequest(options)
    upstream.maxHeadersCount = 0
    upstream.on('socket', limitConnecting)
    return upstream
  }

  close(): void {
    for (const agents of [this.#plain, this.#secure]) {
      agents.pooled.destroy()
      agents.single.destroy()
    }
  }
}

function limitConnecting(socket: Socket): void {
  if (!socket.connecting) return
  const timer = setTimeout(() => socket.destroy(new Error(`no connection within ${connectMs} ms`)), connectMs)
  const done = () => clearTimeout(timer)
  socket.once('connect', done)
  socket.once('close', done)
}
