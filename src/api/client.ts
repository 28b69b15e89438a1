/** A typed client of the REST API, made from its routes. */
import { HimaliaError } from '#base/errors.ts'
import { httpCall } from '#base/http-call.ts'
import { errors } from './errors.ts'
import { type Pagination, paginationMediaType } from './models.ts'
import type { AnswerOf, BodyOf, ParamsOf, QueryOf, Route } from './route.ts'

export interface ClientOptions {
  /** `http://127.0.0.1:8000/hub/api`. */
  readonly url: string
  readonly token: string
  /** Longest wait for an answer; default 30 s. */
  readonly timeoutMs?: number
}

type Input<R extends Route> = (keyof ParamsOf<R> extends never
  ? { readonly params?: undefined }
  : { readonly params: ParamsOf<R> }) &
  (R['body'] extends null ? { readonly body?: undefined } : { readonly body?: BodyOf<R> }) & {
    readonly query?: QueryOf<R>
    readonly signal?: AbortSignal
  }

/** The item type of a route that answers with a list. */
export type ItemOf<R extends Route> = Extract<AnswerOf<R>, readonly unknown[]>[number]

export interface ApiClient {
  /**
   * The body of a successful answer, null when it is empty.
   * Errors: HUB_ANSWERED with `detail.status` and `detail.message`; network errors as Node throws them.
   */
  call<R extends Route>(route: R, input: Input<R>): Promise<AnswerOf<R>>
  /** Like `call`, with the status: it tells 201 from 202. */
  request<R extends Route>(route: R, input: Input<R>): Promise<{ status: number; body: AnswerOf<R> }>
  /** Every row of a list, page after page. */
  items<R extends Route>(route: R, input: Input<R>): AsyncGenerator<ItemOf<R>>
}

export function apiClient({ url, token, timeoutMs = 30_000 }: ClientOptions): ApiClient {
  async function send(route: Route, input: Input<Route>, accept: string) {
    const { params, query, body, signal } = input as { [K in keyof Input<Route>]: unknown } & { signal?: AbortSignal }
    const { status, ok, text } = await httpCall(address(url, route, { params, query } as never), {
      method: route.method,
      headers: { authorization: `token ${token}`, accept, ...(body ? { 'content-type': 'application/json' } : {}) },
      timeoutMs,
      ...(signal ? { signal } : {}),
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const value = text === '' ? null : readJson(text)
    if (!ok) throw failure(status, value)
    return { status, body: value }
  }
  const client: ApiClient = {
    // Safe: the hub answers as the route says.
    request: (route, input) => send(route, input as Input<Route>, 'application/json') as never,
    call: async (route, input) => (await client.request(route, input)).body,
    items: (route, input) =>
      pages((query) => send(route, { ...input, query } as never, paginationMediaType), input.query) as never,
  }
  return client
}

async function* pages(
  send: (query: object) => Promise<{ body: unknown }>,
  query: object | undefined,
): AsyncGenerator<unknown> {
  let next: object | null = {}
  while (next) {
    const { items, _pagination } = (await send({ ...query, ...next })).body as {
      items: readonly unknown[]
      _pagination: Pagination
    }
    yield* items
    next = _pagination.next && { offset: _pagination.next.offset, limit: _pagination.next.limit }
  }
}

function address(
  url: string,
  route: Route,
  { params = {}, query = {} }: { params?: Record<string, string>; query?: Record<string, unknown> },
): string {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))
  return `${url}${path}${search.size > 0 ? `?${search}` : ''}`
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function failure(status: number, body: unknown): HimaliaError {
  const message = (body as { message?: unknown } | null)?.message
  return errors.HUB_ANSWERED({ status, message: typeof message === 'string' ? message : `${body ?? ''}`.slice(0, 200) })
}

/** The status that a hub answered with, or null when the error is another. */
export function statusOf(error: unknown): number | null {
  if (!(error instanceof HimaliaError) || error.code !== 'HUB_ANSWERED') return null
  return error.detail.status as number
}
