/** Requests to the API server, one at a time or as a stream of lines. */
import { type Dispatcher, Pool, errors as undiciErrors } from 'undici'
import { messageOf } from '#base/errors.ts'
import type { Access } from './access/index.ts'
import { errors, refusal } from './errors.ts'

export interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly body?: unknown
  readonly contentType?: string
  /** Default `application/json`. */
  readonly accept?: string
  /** What it is for, in words: `create pods jupyter-ana`. */
  readonly what: string
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number
}

export interface Http {
  /** The body as text. Errors: those of `errors.ts`; the signal's reason. */
  text(request: Request): Promise<string>
  /** Each line as it comes, until the server ends the stream. A silence of `quietMs` ends it as a fault. */
  lines(request: Request, quietMs: number): AsyncGenerator<string>
  close(): Promise<void>
}

/** Enough for many starts at once; each watch holds one. */
const connections = 64

export function createHttp(access: Access, { timeoutMs }: { timeoutMs: number }): Http {
  const pool = new Pool(new URL(access.server).origin, { connections, connect: { ...access.tls, timeout: timeoutMs } })
  const base = new URL(access.server).pathname.replace(/\/+$/, '')

  async function send(request: Request, options: { signal: AbortSignal; bodyTimeout: number }) {
    const authorization = await access.authorization()
    const answer = await pool.request({
      method: request.method,
      path: `${base}${request.path}${queryOf(request.query)}`,
      headers: {
        accept: request.accept ?? 'application/json',
        ...(authorization === null ? {} : { authorization }),
        ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
      },
      body: request.body === undefined ? null : JSON.stringify(request.body),
      ...options,
      // The signal is the limit: of a watch it is far away.
      headersTimeout: 0,
    })
    if (answer.statusCode >= 400) throw await refused(request, answer)
    return answer
  }

  return {
    async text(request) {
      const timeout = AbortSignal.timeout(request.timeoutMs ?? timeoutMs)
      const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout
      try {
        const answer = await send(request, { signal, bodyTimeout: 0 })
        return await answer.body.text()
      } catch (error) {
        request.signal?.throwIfAborted()
        throw fault(request, error)
      }
    },
    async *lines(request, quietMs) {
      const first = AbortSignal.timeout(timeoutMs)
      const opened = new AbortController()
      const giveUp = () => opened.abort(first.reason)
      first.addEventListener('abort', giveUp, { once: true })
      const signal = request.signal ? AbortSignal.any([request.signal, opened.signal]) : opened.signal
      try {
        const { body } = await send(request, { signal, bodyTimeout: quietMs })
        first.removeEventListener('abort', giveUp)
        yield* linesOf(body)
      } catch (error) {
        request.signal?.throwIfAborted()
        throw fault(request, error)
      } finally {
        first.removeEventListener('abort', giveUp)
      }
    },
    close: () => pool.destroy(),
  }
}

function queryOf(query: Request['query'] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, `${value}`]]))
  return given.length === 0 ? '' : `?${new URLSearchParams(given as [string, string][])}`
}

async function* linesOf(body: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    const pieces = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = pieces.pop() ?? ''
    yield* pieces.filter((line) => line !== '')
  }
}

async function refused(request: Request, { statusCode, body, headers }: Dispatcher.ResponseData): Promise<Error> {
  const text = await body.text()
  const { reason = '', message = '' } = statusObject(text)
  const error = refusal({ what: request.what, status: statusCode, reason, said: message || text.slice(0, 300) })
  const seconds = Number(headers['retry-after'])
  return Object.assign(error, Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: seconds * 1000 } : {})
}

function statusObject(text: string): { reason?: string; message?: string } {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

/** What the network did, in our words; refusals stay as they are. */
function fault({ what }: Request, error: unknown): unknown {
  if (error instanceof Error && 'status' in error && 'code' in error && `${error.code}`.startsWith('KUBE_'))
    return error
  const name = error instanceof Error ? error.name : ''
  if (name === 'TimeoutError' || error instanceof undiciErrors.BodyTimeoutError) {
    return errors.KUBE_UNREACHABLE({ what, problem: 'no answer came in time' }, error)
  }
  return errors.KUBE_UNREACHABLE({ what, problem: messageOf(error) || name }, error)
}
