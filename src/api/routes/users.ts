import { Type } from 'typebox'
import { listOf, User } from '../models.ts'
import { includeStopped, userList } from '../parameters.ts'
import { needs, needsSome, route } from '../route.ts'

/** The keys of a user record that a request may name, with their types. */
const change = {
  name: Type.Optional(Type.String()),
  admin: Type.Optional(Type.Boolean()),
  groups: Type.Optional(Type.Array(Type.Unknown())),
  roles: Type.Optional(Type.Array(Type.Unknown())),
  auth_state: Type.Optional(Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()])),
}
const closed = { additionalProperties: false }

export const listUsers = route({
  id: 'listUsers',
  method: 'GET',
  path: '/users',
  access: needsSome('list:users'),
  query: userList,
  answers: { 200: listOf(User) },
  doc: 'Lists the users that the caller may see.',
})

export const createUsers = route({
  id: 'createUsers',
  method: 'POST',
  path: '/users',
  access: needs('admin:users'),
  body: Type.Object({ usernames: Type.Array(Type.String()), admin: Type.Optional(Type.Boolean()) }),
  answers: { 201: Type.Array(User) },
  doc: 'Creates users; names that exist are skipped, and if all do the answer is 409.',
})

export const getUser = route({
  id: 'getUser',
  method: 'GET',
  path: '/users/{user}',
  access: needs(
    'read:users',
    'read:users:name',
    'read:servers',
    'read:users:groups',
    'read:users:activity',
    'read:roles:users',
  ),
  query: includeStopped,
  answers: { 200: User },
  doc: 'Shows one user.',
})

export const createUser = route({
  id: 'createUser',
  method: 'POST',
  path: '/users/{user}',
  access: needs('admin:users'),
  body: Type.Object(change, closed),
  bodyOptional: true,
  answers: { 201: User },
  doc: 'Creates one user, under exactly this name.',
})

export const changeUser = route({
  id: 'changeUser',
  method: 'PATCH',
  path: '/users/{user}',
  access: needs('admin:users'),
  body: Type.Object(change, closed),
  answers: { 200: User },
  doc: 'Renames a user, or changes `admin` or `auth_state`.',
})

export const deleteUser = route({
  id: 'deleteUser',
  method: 'DELETE',
  path: '/users/{user}',
  access: needs('delete:users'),
  answers: { 204: null },
  doc: "Stops the user's servers, then deletes the user.",
})

export const reportActivity = route({
  id: 'reportActivity',
  method: 'POST',
  path: '/users/{user}/activity',
  access: needs('users:activity'),
  body: Type.Object({
    last_activity: Type.Optional(Type.String()),
    servers: Type.Optional(Type.Record(Type.String(), Type.Object({ last_activity: Type.String() }))),
  }),
  answers: { 200: null },
  doc: 'Records when a user, or one of their servers, was last active; times only move forward.',
})

export const adminAccess = route({
  id: 'adminAccess',
  method: 'POST',
  path: '/users/{user}/admin-access',
  access: needs('servers'),
  answers: { 200: null },
  doc: 'Does nothing; kept for old clients.',
})
