import { Type } from 'typebox'
import { NewToken, Token } from '../models.ts'
import { needs, open, route } from '../route.ts'

export const listTokens = route({
  id: 'listTokens',
  method: 'GET',
  path: '/users/{user}/tokens',
  access: needs('read:tokens'),
  answers: { 200: Type.Object({ api_tokens: Type.Array(Token) }) },
  doc: "Lists a user's tokens, the most recently used first.",
})

/** Open at the door: without credentials of its own the request may bring a user's in `auth`. */
export const createToken = route({
  id: 'createToken',
  method: 'POST',
  path: '/users/{user}/tokens',
  access: open,
  body: Type.Object({
    note: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    expires_in: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
    scopes: Type.Optional(Type.Union([Type.Array(Type.String()), Type.Null()])),
    roles: Type.Optional(Type.Union([Type.Array(Type.String()), Type.Null()])),
    auth: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  }),
  bodyOptional: true,
  answers: { 201: NewToken },
  doc: 'Creates a token (scope `tokens` on the user, or the sign-in form in `auth`); `expires_in` is in seconds.',
})

export const getToken = route({
  id: 'getToken',
  method: 'GET',
  path: '/users/{user}/tokens/{token}',
  access: needs('read:tokens'),
  answers: { 200: Token },
  doc: 'Shows one token.',
})

export const deleteToken = route({
  id: 'deleteToken',
  method: 'DELETE',
  path: '/users/{user}/tokens/{token}',
  access: needs('tokens'),
  answers: { 204: null },
  doc: "Revokes a token; one that an OAuth client was given takes the user's other tokens of that client with it.",
})
