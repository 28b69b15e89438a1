/** The records of the REST API, in the wire's own spelling. Which fields of a record a caller sees: fields.ts. */
import { type Static, Type } from 'typebox'

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()])
const text = Type.String()
const flag = Type.Boolean()
const names = Type.Array(Type.String())
/** ISO 8601, UTC, `2026-08-20T12:00:00.123000Z`. */
const instant = Type.String({ format: 'date-time' })
const record = Type.Record(Type.String(), Type.Unknown())

export const FailureReason = Type.Object({
  code: text,
  message: text,
  hint: nullable(text),
  log_tail: Type.Array(Type.String()),
})
export type FailureReason = Static<typeof FailureReason>

const Change = Type.Object({
  what: Type.String({
    description: '`image`, `folders`, or the name of a resource: `memory`, `cpu`, `nvidia.com/gpu`',
  }),
  before: nullable(text),
  after: nullable(text),
})

export const Server = Type.Object({
  name: text,
  display_name: text,
  full_name: Type.String({ description: '`user/server`; `user/` for the default server' }),
  last_activity: nullable(instant),
  started: nullable(instant),
  pending: nullable(Type.Enum(['spawn', 'stop'])),
  ready: flag,
  stopped: flag,
  url: Type.String({ description: 'Path of the server, `/user/ada/`' }),
  full_url: nullable(text),
  user_options: record,
  progress_url: text,
  full_progress_url: nullable(text),
  /** Himalia's own: place in the queue of starts, from 1. */
  queue_position: Type.Optional(Type.Integer()),
  /** Himalia's own: why the last start failed. */
  failure: Type.Optional(FailureReason),
  /** Himalia's own: what a start now would change of it, where one user or server is asked for. */
  newer_environment: Type.Optional(Type.Array(Change)),
  state: Type.Optional(nullable(record)),
})
export type Server = Static<typeof Server>

export const User = Type.Object({
  kind: Type.Literal('user'),
  name: text,
  user_info: Type.Optional(nullable(record)),
  admin: Type.Optional(flag),
  roles: Type.Optional(names),
  groups: Type.Optional(names),
  server: Type.Optional(nullable(text)),
  pending: Type.Optional(nullable(Type.Enum(['spawn', 'stop']))),
  created: Type.Optional(nullable(instant)),
  last_activity: Type.Optional(nullable(instant)),
  auth_state: Type.Optional(nullable(record)),
  servers: Type.Optional(Type.Record(Type.String(), Server)),
})
export type User = Static<typeof User>

export const Group = Type.Object({
  kind: Type.Literal('group'),
  name: text,
  users: Type.Optional(names),
  properties: Type.Optional(record),
  roles: Type.Optional(names),
})
export type Group = Static<typeof Group>

export const Service = Type.Object({
  kind: Type.Literal('service'),
  name: text,
  admin: Type.Optional(flag),
  roles: Type.Optional(names),
  url: Type.Optional(nullable(text)),
  prefix: Type.Optional(text),
  command: Type.Optional(names),
  pid: Type.Optional(Type.Integer()),
  info: Type.Optional(record),
  display: Type.Optional(flag),
})
export type Service = Static<typeof Service>

const identity = {
  token_id: nullable(text),
  session_id: nullable(text),
  scopes: names,
}
export const Identity = Type.Union([
  Type.Object({ ...User.properties, ...identity }),
  Type.Object({ ...Service.properties, ...identity }),
])
export type Identity = Static<typeof Identity>

const token = {
  kind: Type.Literal('api_token'),
  id: Type.String({ description: '`a` and a number' }),
  user: Type.Optional(text),
  service: Type.Optional(text),
  roles: names,
  scopes: names,
  note: text,
  created: instant,
  last_activity: nullable(instant),
  expires_at: nullable(instant),
  session_id: nullable(text),
  oauth_client: text,
}
export const Token = Type.Object(token)
export type Token = Static<typeof Token>
export const NewToken = Type.Object({ ...token, token: Type.String({ description: 'The secret; shown only here' }) })
export type NewToken = Static<typeof NewToken>

export const ProxyRoute = Type.Object({ routespec: text, target: text, data: record })
export type ProxyRoute = Static<typeof ProxyRoute>

export const ErrorBody = Type.Object({
  status: Type.Integer(),
  message: text,
  /** Himalia's own: match on this. */
  code: Type.Optional(text),
  hint: Type.Optional(text),
  /** Himalia's own: of an error on our side; the log has the same id. */
  id: Type.Optional(text),
})
export type ErrorBody = Static<typeof ErrorBody>

export const ProgressMessage = Type.Object({
  progress: Type.Optional(Type.Number()),
  message: text,
  html_message: Type.Optional(text),
  raw_event: Type.Optional(Type.Unknown()),
  ready: Type.Optional(Type.Literal(true)),
  failed: Type.Optional(Type.Literal(true)),
  url: Type.Optional(text),
  /** Himalia's own: why a start failed, with the last lines of the server's log. */
  reason: Type.Optional(FailureReason),
})
export type ProgressMessage = Static<typeof ProgressMessage>

export const Pagination = Type.Object({
  offset: Type.Integer(),
  limit: Type.Integer(),
  total: Type.Integer(),
  next: nullable(Type.Object({ offset: Type.Integer(), limit: Type.Integer(), url: text })),
})
export type Pagination = Static<typeof Pagination>

/** A list, or one page of it for clients that ask with `Accept: application/jupyterhub-pagination+json`. */
export function listOf<T extends Parameters<typeof Type.Array>[0]>(item: T) {
  return Type.Union([Type.Array(item), Type.Object({ items: Type.Array(item), _pagination: Pagination })])
}
export const paginationMediaType = 'application/jupyterhub-pagination+json'
