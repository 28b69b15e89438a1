import { Type } from 'typebox'
import { ProgressMessage, Server } from '../models.ts'
import { needs, route } from '../route.ts'

/** An object with `display_name` or `user_options`, or, as before 6.0, an object that is `user_options` itself. */
const StartBody = Type.Record(Type.String(), Type.Unknown())
const StopBody = Type.Object({ remove: Type.Optional(Type.Boolean()) })
const ServerChange = Type.Object(
  {
    name: Type.Optional(Type.String()),
    display_name: Type.Optional(Type.String()),
    user_options: Type.Optional(Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()])),
  },
  { additionalProperties: false },
)

export const startDefaultServer = route({
  id: 'startDefaultServer',
  method: 'POST',
  path: '/users/{user}/server',
  access: needs('start:servers'),
  body: StartBody,
  bodyOptional: true,
  answers: { 201: null, 202: null },
  kind: 'text',
  doc: "Starts a user's default server; 202 while it is queued or starting.",
})

export const startServer = route({
  ...startDefaultServer,
  id: 'startServer',
  path: '/users/{user}/servers/{server}',
  doc: 'Starts a server; an empty name is the default server.',
})

export const stopDefaultServer = route({
  id: 'stopDefaultServer',
  method: 'DELETE',
  path: '/users/{user}/server',
  access: needs('delete:servers'),
  body: StopBody,
  bodyOptional: true,
  answers: { 202: null, 204: null },
  kind: 'text',
  doc: "Stops a user's default server; 202 while it is stopping.",
})

export const stopServer = route({
  ...stopDefaultServer,
  id: 'stopServer',
  path: '/users/{user}/servers/{server}',
  doc: 'Stops a server; with `remove` a named server is also forgotten.',
})

export const getDefaultServer = route({
  id: 'getDefaultServer',
  method: 'GET',
  path: '/users/{user}/server',
  access: needs('read:servers'),
  answers: { 200: Server },
  doc: "Shows a user's default server.",
})

export const getServer = route({
  ...getDefaultServer,
  id: 'getServer',
  path: '/users/{user}/servers/{server}',
  doc: 'Shows a server.',
})

export const defineServer = route({
  id: 'defineServer',
  method: 'PUT',
  path: '/users/{user}/servers/{server}',
  access: needs('start:servers'),
  body: StartBody,
  bodyOptional: true,
  answers: { 201: Server },
  doc: 'Creates a named server without starting it.',
})

export const changeServer = route({
  id: 'changeServer',
  method: 'PATCH',
  path: '/users/{user}/servers/{server}',
  access: needs('start:servers'),
  body: ServerChange,
  answers: { 200: Server },
  doc: 'Changes the name, display name or options of a server that is not running.',
})

export const defaultServerProgress = route({
  id: 'defaultServerProgress',
  method: 'GET',
  path: '/users/{user}/server/progress',
  access: needs('read:servers'),
  answers: { 200: ProgressMessage },
  kind: 'stream',
  doc: "Streams what happens while a user's default server starts; `Last-Event-ID` resumes.",
})

export const serverProgress = route({
  ...defaultServerProgress,
  id: 'serverProgress',
  path: '/users/{user}/servers/{server}/progress',
  doc: 'Streams what happens while a server starts; `Last-Event-ID` resumes.',
})
