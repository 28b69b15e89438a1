/** A class at work, as the public address sees it: websockets that stay open, and a request every so often. */
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import WebSocket from 'ws'
import type { Visitor } from '../harness/visitor.ts'

export interface Traffic extends AsyncDisposable {
  /** Requests that failed since the last look, each in words. */
  failures(): readonly string[]
  /** Of the requests since the last look. */
  slowestMs(): number
  /** Websockets that were closed since the start. */
  lost(): number
  /** Resolves when so many more requests were answered. */
  answered(more: number): Promise<void>
}

const everyMs = 100

/** `paths` are asked for in turn; the websockets are of the person's server. */
export async function traffic(
  visitor: Visitor,
  {
    origin,
    paths,
    webSockets,
  }: { origin: string; paths: readonly string[]; webSockets: { path: string; count: number } },
): Promise<Traffic> {
  let failed: string[] = []
  let slowest = 0
  let lost = 0
  let answers = 0
  const ending = new AbortController()
  const open = await Promise.all(
    Array.from({ length: webSockets.count }, async () => {
      const headers = { cookie: visitor.cookieHeader(webSockets.path) }
      const socket = new WebSocket(`${origin.replace('http', 'ws')}${webSockets.path}`, { headers })
      await once(socket, 'open')
      socket.on('close', () => {
        lost += 1
      })
      socket.on('error', () => {})
      return socket
    }),
  )
  const ask = async (path: string) => {
    const began = performance.now()
    const told = await visitor.request(path).then(
      ({ status }) => (status < 500 ? null : `${path}: ${status}`),
      (error: Error) => `${path}: ${error.message}`,
    )
    slowest = Math.max(slowest, performance.now() - began)
    answers += 1
    if (told !== null && !ending.signal.aborted) failed.push(told)
  }
  const running = (async () => {
    const asked: Promise<void>[] = []
    for (let turn = 0; !ending.signal.aborted; turn += 1) {
      asked.push(ask(paths[turn % paths.length]!))
      await sleep(everyMs, undefined, { signal: ending.signal }).catch(() => {})
    }
    await Promise.all(asked)
  })()
  const taken = <T>(value: T, reset: () => void): T => {
    reset()
    return value
  }
  return {
    failures: () => taken(failed, () => (failed = [])),
    slowestMs: () => taken(Math.round(slowest), () => (slowest = 0)),
    lost: () => lost,
    async answered(more) {
      const until = answers + more
      while (answers < until) await sleep(everyMs)
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.removeAllListeners('close').terminate()
      ending.abort()
      await running
    },
  }
}
