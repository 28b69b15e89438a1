/**
 * What a route of the REST API is: one record that server, client and OpenAPI document are made from. Paths are below
 * `{base}hub/api`; a `{name}` in them is a path parameter and, for `user`, `server`, `group` and `service`, also what
 * the route's scope is checked against.
 */
import type { Static, TProperties, TSchema } from 'typebox'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Who may call a route. */
export type Access =
  | { readonly kind: 'open' }
  /** Any valid token or login. */
  | { readonly kind: 'credentials' }
  /** Any one of these scopes, on what the path names. */
  | { readonly kind: 'scopes'; readonly anyOf: readonly string[] }
  /** Any one of these scopes on anything: the answer has the rows that the caller may see. */
  | { readonly kind: 'rows'; readonly anyOf: readonly string[] }

export const open: Access = { kind: 'open' }
export const anyCredentials: Access = { kind: 'credentials' }
export const needs = (...anyOf: string[]): Access => ({ kind: 'scopes', anyOf })
export const needsSome = (...anyOf: string[]): Access => ({ kind: 'rows', anyOf })

/** The answers by status; null is an empty body. */
export type Answers = Readonly<Record<number, TSchema | null>>

export interface Route<
  Path extends string = string,
  Query extends TProperties = TProperties,
  Body extends TSchema | null = TSchema | null,
  Results extends Answers = Answers,
> {
  /** Names the operation in OpenAPI and in metrics. */
  readonly id: string
  readonly method: Method
  readonly path: Path
  readonly access: Access
  readonly query: Query
  readonly body: Body
  /** True: the request may come without a body. */
  readonly bodyOptional: boolean
  readonly answers: Results
  /** `stream` is an event stream, `text` is plain text; else JSON. */
  readonly kind: 'json' | 'stream' | 'text'
  readonly doc: string
  /** A sentence for 501 when the route is not built yet. */
  readonly notBuilt: string | null
}

type Given<P extends string, Q extends TProperties, B extends TSchema | null, A extends Answers> = Pick<
  Route<P, Q, B, A>,
  'id' | 'method' | 'path' | 'access' | 'answers' | 'doc'
> &
  Partial<Pick<Route<P, Q, B, A>, 'query' | 'body' | 'bodyOptional' | 'kind' | 'notBuilt'>>

/** Fills in what an entry leaves out. */
export function route<
  const P extends string,
  A extends Answers,
  // biome-ignore lint/complexity/noBannedTypes: no query parameters is the empty record.
  Q extends TProperties = {},
  B extends TSchema | null = null,
>(given: Given<P, Q, B, A>): Route<P, Q, B, A> {
  return {
    query: {} as Q,
    body: null as B,
    bodyOptional: false,
    kind: 'json',
    notBuilt: null,
    ...given,
  }
}

type ParamNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never

/** `{ user: string; server: string }` of `/users/{user}/servers/{server}`. */
export type ParamsOf<R extends Route> = { readonly [Name in ParamNames<R['path']>]: string }

/** Every query parameter may be absent. */
export type QueryOf<R extends Route> = { readonly [Name in keyof R['query']]?: Static<R['query'][Name]> }

export type BodyOf<R extends Route> = R['body'] extends TSchema ? Static<R['body']> : null

/** What a successful call answers with. */
export type AnswerOf<R extends Route> = {
  [Status in keyof R['answers']]: R['answers'][Status] extends TSchema ? Static<R['answers'][Status]> : null
}[keyof R['answers']]

/** The names in a path's braces, in order. */
export function paramNames(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
}
