import { Type } from 'typebox'
import { Group, listOf } from '../models.ts'
import { page } from '../parameters.ts'
import { needs, needsSome, route } from '../route.ts'

const Members = Type.Object({ users: Type.Array(Type.String()) })
const closed = { additionalProperties: false }

export const listGroups = route({
  id: 'listGroups',
  method: 'GET',
  path: '/groups',
  access: needsSome('list:groups'),
  query: page,
  answers: { 200: listOf(Group) },
  doc: 'Lists the groups that the caller may see.',
})

export const createGroups = route({
  id: 'createGroups',
  method: 'POST',
  path: '/groups',
  access: needs('admin:groups'),
  body: Type.Object({ groups: Type.Array(Type.String()), users: Type.Optional(Type.Array(Type.String())) }),
  answers: { 201: Type.Array(Group) },
  doc: 'Creates groups, all with the same members.',
})

export const getGroup = route({
  id: 'getGroup',
  method: 'GET',
  path: '/groups/{group}',
  access: needs('read:groups', 'read:groups:name', 'read:roles:groups'),
  answers: { 200: Group },
  doc: 'Shows one group.',
})

export const createGroup = route({
  id: 'createGroup',
  method: 'POST',
  path: '/groups/{group}',
  access: needs('admin:groups'),
  body: Type.Object(
    {
      name: Type.Optional(Type.String()),
      users: Type.Optional(Type.Array(Type.String())),
      roles: Type.Optional(Type.Array(Type.Unknown())),
      properties: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    },
    closed,
  ),
  bodyOptional: true,
  answers: { 201: Group },
  doc: 'Creates a group.',
})

export const deleteGroup = route({
  id: 'deleteGroup',
  method: 'DELETE',
  path: '/groups/{group}',
  access: needs('delete:groups'),
  answers: { 204: null },
  doc: 'Deletes a group; its members stay.',
})

export const addMembers = route({
  id: 'addMembers',
  method: 'POST',
  path: '/groups/{group}/users',
  access: needs('groups'),
  body: Members,
  answers: { 200: Group },
  doc: 'Adds users to a group.',
})

export const removeMembers = route({
  id: 'removeMembers',
  method: 'DELETE',
  path: '/groups/{group}/users',
  access: needs('groups'),
  body: Members,
  answers: { 200: Group },
  doc: 'Takes users out of a group.',
})

export const setGroupProperties = route({
  id: 'setGroupProperties',
  method: 'PUT',
  path: '/groups/{group}/properties',
  access: needs('groups'),
  body: Type.Record(Type.String(), Type.Unknown()),
  answers: { 200: Group },
  doc: "Replaces a group's properties.",
})
