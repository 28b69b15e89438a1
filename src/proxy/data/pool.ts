import type { ClientRequest, RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { request as httpRequest } from '#base/node-http.ts'
import type { Target } from '../routes/target.ts'
import { type CallHandler, type CallHead, Connection, type ConnectionOwner, limitConnecting } from './connection.ts'

/** How long an unused connection stays open; bounds the ports a proxy of thousands of servers holds. */
const idleMs = 60_000
const maxIdlePerTarget = 256
const maxHeaderSize = 64 * 1024

/** The connections to user servers and to the hub. */
export class Upstreams implements ConnectionOwner {
  readonly #idle = new Map<string, Connection[]>()
  readonly #all = new Set<Connection>()

  /** Makes a call on a kept connection when there is one (the one used last), or with `fresh` on a new one. Throws when the head can't be sent. */
  call(target: Target, head: CallHead, about: { handler: CallHandler; fresh: boolean }): Connection {
    const connection = (about.fresh ? null : this.#kept(target)) ?? this.#open(target)
    try {
      connection.send(head, about.handler)
    } catch (error) {
      connection.destroy()
      throw error
    }
    return connection
  }

  /** A request of Node's own client on a connection of its own, for handshakes and error pages. */
  single(target: Target, call: { path: string; headers: string[] }): ClientRequest {
    const options: RequestOptions = {
      method: 'GET',
      path: call.path,
      headers: call.headers,
      maxHeaderSize,
      agent: false,
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

  idle(connection: Connection): void {
    const { key } = connection.target
    const kept = this.#idle.get(key)
    if (kept && kept.length >= maxIdlePerTarget) {
      connection.destroy()
      return
    }
    connection.closeAfter(idleMs)
    if (kept) kept.push(connection)
    else this.#idle.set(key, [connection])
  }

  closed(connection: Connection): void {
    this.#all.delete(connection)
    const { key } = connection.target
    const kept = this.#idle.get(key)
    const index = kept?.indexOf(connection) ?? -1
    if (!kept || index < 0) return
    kept.splice(index, 1)
    if (kept.length === 0) this.#idle.delete(key)
  }

  close(): void {
    for (const connection of this.#all) connection.destroy()
  }

  #kept(target: Target): Connection | null {
    const kept = this.#idle.get(target.key)
    for (let connection = kept?.pop(); connection; connection = kept?.pop()) if (connection.usable) return connection
    return null
  }

  #open(target: Target): Connection {
    const connection = new Connection(target, this)
    this.#all.add(connection)
    return connection
  }
}
