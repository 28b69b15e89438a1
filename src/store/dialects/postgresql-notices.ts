import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, Pool } from 'pg'
import { messageOf } from '#base/errors.ts'
import { systemRandom } from '#base/ids.ts'
import type { Log } from '#base/log.ts'
import type { Notices } from '../store.ts'

const channel = 'himalia'

export interface NoticeOptions {
  readonly pool: Pool
  readonly connect: () => Promise<Client>
  readonly log: Log
}

/**
 * LISTEN/NOTIFY on one connection of its own, opened at the first subscription and again whenever it is lost. This
 * process hears its own notices at once, not by way of the server.
 */
export function postgresqlNotices({ pool, connect, log }: NoticeOptions): Notices & { close(): Promise<void> } {
  const self = systemRandom.alphanumeric(8)
  const listeners = new Map<string, Set<(id: number) => void>>()
  const closing = new AbortController()
  let listening: Promise<void> | null = null

  const tell = (topic: string, id: number) => listeners.get(topic)?.forEach((heard) => void heard(id))
  const hear = (payload: string) => {
    const [sender, topic = '', id] = payload.split(' ')
    if (sender !== self) tell(topic, Number(id))
  }

  return {
    publish: (topic, id) => {
      setImmediate(tell, topic, id)
      pool.query('select pg_notify($1, $2)', [channel, `${self} ${topic} ${id}`]).catch((error) => {
        log.debug({ reason: messageOf(error) }, 'A notice to the other hubs was lost')
      })
    },
    subscribe: (topic, heard) => {
      listening ??= listen({ connect, log, hear, signal: closing.signal })
      const ofTopic = listeners.get(topic) ?? new Set()
      listeners.set(topic, ofTopic.add(heard))
      return () => ofTopic.delete(heard)
    },
    close: async () => {
      listeners.clear()
      closing.abort()
      await listening
    },
  }
}

interface ListenOptions extends Omit<NoticeOptions, 'pool'> {
  readonly hear: (payload: string) => void
  readonly signal: AbortSignal
}

/** Listens until the signal, over as many connections as it takes. */
async function listen({ connect, log, hear, signal }: ListenOptions): Promise<void> {
  for (let waitMs = 100; !signal.aborted; waitMs = Math.min(waitMs * 2, 5_000)) {
    try {
      const client = await connect()
      client.on('notification', ({ payload = '' }) => hear(payload))
      const ended = endOf(client, signal)
      await client.query(`listen ${channel}`)
      waitMs = 100
      await ended
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'The connection for notices between hubs failed; trying again')
    }
    await sleep(waitMs, undefined, { signal }).catch(() => {})
  }
}

/** Resolves when the connection is closed, by the signal or by the other side. */
function endOf(client: Client, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const close = () => void client.end().catch(() => {})
    client.on('error', close)
    client.on('end', () => {
      signal.removeEventListener('abort', close)
      resolve()
    })
    if (signal.aborted) close()
    else signal.addEventListener('abort', close, { once: true })
  })
}
