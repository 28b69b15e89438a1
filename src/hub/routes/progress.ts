/** The event stream of a start. Every event has an id, and a client that lost the connection goes on from there. */
import { PassThrough } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type models, routes } from '#api'
import type { HubContext } from '../context.ts'
import { wireReason } from '../http/errors.ts'
import { serverPath } from '../pages/views/server-path.ts'
import type { ProgressEvent, Server } from '../servers/contract.ts'
import { errors } from './errors.ts'
import type { Part } from './index.ts'
import { type Call, serve } from './serve.ts'
import { nameOf, serverNamed } from './servers.ts'
import { userNamed } from './user-facts.ts'

const keepAliveMs = 8000

export function progressRoutes(part: Part): void {
  for (const route of [routes.defaultServerProgress, routes.serverProgress]) {
    serve(part, route as typeof routes.serverProgress, stream)
  }
}

async function stream({ context, params, request, reply }: Call<typeof routes.serverProgress>) {
  const user = await userNamed(context, params.user)
  const server = await serverNamed(context, user, nameOf(params))
  const { phase } = server.state
  if (phase === 'stopped' || phase === 'stopping') {
    throw errors.SERVER_NOT_STARTING({ server: `${user.name}/${server.name}` })
  }
  const body = new PassThrough()
  // Awaited by nobody: it ends when the browser leaves, and tells the log itself what went wrong.
  void send(context, { server, body, request, reply })
  await reply
    .code(200)
    .headers({ 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'x-accel-buffering': 'no' })
    .send(body)
  return undefined
}

interface Sending {
  readonly server: Server
  readonly body: PassThrough
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

async function send(context: HubContext, { server, body, request, reply }: Sending): Promise<void> {
  const leaving = new AbortController()
  reply.raw.once('close', () => leaving.abort())
  body.on('error', () => leaving.abort())
  body.write('\n\n')
  const alive = keepAlive(context, body, leaving.signal)
  try {
    const after = lastEventId(request)
    for await (const event of context.servers.progress(server.id, after, leaving.signal)) {
      const message = await messageFor(context, server, event)
      // A browser that reads slowly holds up the events, not our memory.
      if (!body.write(`id: ${event.id}\ndata: ${JSON.stringify(message)}\n\n`)) await drained(body, leaving.signal)
      if (message.ready || message.failed) break
    }
  } catch (error) {
    if (!leaving.signal.aborted) context.log.error({ server: server.id, err: error }, 'Progress stream broke off')
  } finally {
    leaving.abort()
    body.end()
    await alive
  }
}

async function keepAlive({ clock }: HubContext, body: PassThrough, signal: AbortSignal): Promise<void> {
  try {
    for (;;) {
      await clock.sleep(keepAliveMs, signal)
      body.write('\n\n')
    }
  } catch {
    // The stream is over.
  }
}

function drained(body: PassThrough, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    body.once('drain', resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** From the header, which browsers send by themselves; 0: from the beginning. */
function lastEventId({ headers }: FastifyRequest): number {
  const given = headers['last-event-id']
  return typeof given === 'string' && /^\d{1,15}$/.test(given) ? Number(given) : 0
}

async function messageFor(context: HubContext, server: Server, event: ProgressEvent): Promise<models.ProgressMessage> {
  switch (event.kind) {
    case 'progress':
      return {
        ...(event.progress === null ? {} : { progress: event.progress }),
        message: event.message,
        ...(event.htmlMessage === null ? {} : { html_message: event.htmlMessage }),
        ...(event.rawEvent == null ? {} : { raw_event: event.rawEvent }),
      }
    case 'ready':
      return readyMessage(serverPath(context.urls.base, server.userName, server.name))
    case 'failed':
    case 'stopped':
      return failedMessage(await context.servers.find(server.userId, server.name), event)
  }
}

function readyMessage(url: string): models.ProgressMessage {
  const link = url.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
  return {
    progress: 100,
    ready: true,
    message: `Server ready at ${url}`,
    html_message: `Server ready at <a href="${link}">${link}</a>`,
    url,
  }
}

/** With the reason while the server is still the one that failed. */
function failedMessage(server: Server | null, event: ProgressEvent): models.ProgressMessage {
  const state = server?.state
  const told = event.kind === 'stopped' ? 'Spawn cancelled' : event.message
  return {
    progress: 100,
    failed: true,
    message: event.kind === 'stopped' || told.startsWith('Spawn failed') ? told : `Spawn failed: ${told}`,
    ...(event.htmlMessage === null ? {} : { html_message: event.htmlMessage }),
    ...(state?.phase === 'failed' ? { reason: wireReason(state.reason) } : {}),
  }
}
