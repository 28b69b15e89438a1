import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { formatBytes } from '#base/bytes.ts'
import { messageOf } from '#base/errors.ts'
import { errors } from '../errors.ts'
import type { Http } from './contract.ts'

export interface HttpOptions {
  readonly signal: AbortSignal
  readonly mostBytes: number
  /** Where an address leads instead: tests name a server of their own. */
  readonly rewrite?: (url: string) => string
}

const agent = 'himalia (repo2docker compatible)'

/** The outside's HTTP for providers: one agent, one limit, one kind of failure. */
export function createHttp({ signal, mostBytes, rewrite = (url) => url }: HttpOptions): Http {
  async function response(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('user-agent', agent)
    try {
      return await fetch(rewrite(url), { signal, ...init, headers })
    } catch (error) {
      signal.throwIfAborted()
      throw errors.PROVIDER_FAILED({ name: new URL(url).host, url, why: causeOf(error) }, error)
    }
  }
  return {
    response,
    async json(url, init = {}) {
      const answer = await response(url, { ...init, headers: { accept: 'application/json', ...init.headers } })
      if (answer.status === 404) return null
      if (!answer.ok) throw refused(url, answer)
      return await answer.json().catch((error: unknown) => {
        throw errors.PROVIDER_FAILED({ name: new URL(url).host, url, why: 'the answer is no JSON' }, error)
      })
    },
    async download(url, file, init) {
      const answer = await response(url, init)
      if (!answer.ok || !answer.body) throw refused(url, answer)
      await mkdir(dirname(file), { recursive: true })
      const body = Readable.fromWeb(answer.body as ReadableStream<Uint8Array>)
      await pipeline(body, limit(mostBytes), createWriteStream(file), { signal })
    },
  }
}

function refused(url: string, answer: Response) {
  return errors.PROVIDER_FAILED({ name: new URL(url).host, url, why: `it answered ${answer.status}` })
}

/** `fetch failed` says nothing; its cause does. */
function causeOf(error: unknown): string {
  const cause = (error as { cause?: unknown }).cause
  return messageOf(cause ?? error)
}

function limit(mostBytes: number): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length
      done(bytes > mostBytes ? errors.REPOSITORY_TOO_LARGE({ limit: formatBytes(mostBytes) }) : null, chunk)
    },
  })
}
