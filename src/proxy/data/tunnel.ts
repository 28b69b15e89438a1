/** WebSockets: the handshake is forwarded like a request, then bytes pass both ways and nobody looks at them. */
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream'
import type { Clock } from '#base/clock.ts'
import { ServerResponse as Answer } from '#base/node-http.ts'
import { responseHeaders } from './headers.ts'
import type { Forward } from './plan.ts'
import type { Upstreams } from './pool.ts'

export interface Handshake {
  readonly request: IncomingMessage
  readonly socket: Socket
  /** What the client sent behind its head already. */
  readonly early: Buffer
  readonly plan: Forward
  readonly upstreams: Upstreams
  readonly clock: Clock
  /** The upstream answered with something else than 101: relay it. */
  readonly declined: (answer: IncomingMessage) => void
  readonly failed: (error: Error) => void
}

/** Only these become tunnels; any other Upgrade is ignored, as RFC 9110 §7.8 allows. */
export function isWebSocketHandshake(request: IncomingMessage): boolean {
  return (
    request.method === 'GET' && request.headers.upgrade?.toLowerCase() === 'websocket' && request.httpVersionMinor > 0
  )
}

export function openTunnel(handshake: Handshake): void {
  const { socket, plan, upstreams, failed, declined } = handshake
  const headers = [...plan.headers, 'Connection', 'Upgrade', 'Upgrade', 'websocket']
  let upstream: ClientRequest
  try {
    upstream = upstreams.single(plan.route.target, { path: plan.path, headers })
  } catch (error) {
    failed(error as Error)
    return
  }
  let settled = false
  const give = (error: Error) => {
    if (settled) return
    settled = true
    if (!socket.destroyed) failed(error)
  }
  const abandon = () => upstream.destroy()
  socket.on('close', abandon)
  upstream.on('error', give)
  upstream.on('close', () => give(new Error('the upstream closed the connection without an answer')))
  upstream.on('response', (answer) => {
    settled = true
    declined(answer)
  })
  upstream.on('upgrade', (answer, peer: Socket, first: Buffer) => {
    settled = true
    socket.off('close', abandon)
    join(handshake, { answer, peer, first })
  })
  upstream.end()
}

function join(
  handshake: Handshake,
  { answer, peer, first }: { answer: IncomingMessage; peer: Socket; first: Buffer },
): void {
  const { socket, early, plan, clock, failed } = handshake
  const headers = responseHeaders(answer.rawHeaders, { keepTrailer: false })
  if (!headers || answer.headers.upgrade?.toLowerCase() !== 'websocket') {
    peer.destroy()
    failed(new Error('the upstream switched to another protocol'))
    return
  }
  if (socket.destroyed) {
    peer.destroy()
    return
  }
  for (const end of [socket, peer]) {
    end.setTimeout(0)
    end.setNoDelay(true)
    end.setKeepAlive(true, 60_000)
  }
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\n${headerLines(headers)}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    'latin1',
  )
  pass(socket, peer, () => {
    plan.route.activity.at = clock.now()
  })
  pass(peer, socket, null)
  if (first.length > 0) socket.write(first)
  if (early.length > 0) {
    plan.route.activity.at = clock.now()
    peer.write(early)
  }
}

/** Half a tunnel: the pace of the slower side, its end, and its death. */
function pass(from: Socket, to: Socket, seen: (() => void) | null): void {
  from.on('data', (chunk) => {
    seen?.()
    if (!to.write(chunk)) from.pause()
  })
  to.on('drain', () => from.resume())
  from.on('end', () => to.end())
  from.on('error', () => from.destroy())
  from.on('close', (hadError) => (hadError ? to.destroy() : to.destroySoon()))
}

function headerLines(headers: readonly string[]): string {
  let lines = ''
  for (let index = 0; index < headers.length; index += 2) lines += `${headers[index]}: ${headers[index + 1]}\r\n`
  return lines
}

/** Relays what the upstream answered instead of 101. */
export function relayAnswer(answer: IncomingMessage, response: ServerResponse): boolean {
  const headers = responseHeaders(answer.rawHeaders, { keepTrailer: false })
  if (!headers) return false
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', headers)
  // Destroys the client's connection when the answer breaks off.
  pipeline(answer, response, () => {})
  return true
}

/** An ordinary response on the socket of a failed handshake; the connection ends with it. */
export function responseOn(request: IncomingMessage, socket: Socket): ServerResponse {
  const response = new Answer(request)
  response.shouldKeepAlive = false
  response.assignSocket(socket)
  socket.on('drain', () => response.emit('drain'))
  socket.on('error', () => socket.destroy())
  response.on('finish', () => socket.destroySoon())
  return response
}
