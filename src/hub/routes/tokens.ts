import { checkScopes } from '#access'
import { type BodyOf, type models, routes } from '#api'
import type { Settings } from '#config'
import {
  builtInClient,
  createToken,
  deleteToken,
  deleteTokensOfClient,
  findRole,
  newTokenSecret,
  type TokenWithClient,
  tokenById,
  tokensOfUser,
  type UserRow,
} from '#store'
import type { HubContext } from '../context.ts'
import { scopesNotHeldBy, scopesOfToken } from '../effective-scopes.ts'
import { audit } from './audit.ts'
import { authorize, type SignedIn } from './authorize.ts'
import { errors } from './errors.ts'
import type { Part } from './index.ts'
import { tokenModel, tokenNumber } from './models/token-model.ts'
import { answer, type Call, serve } from './serve.ts'
import { bodySignIn } from './sign-in-body.ts'
import { userNamed } from './user-facts.ts'

const longestNote = 1023

type Requester = SignedIn | Pick<SignedIn & { kind: 'user' }, 'kind' | 'userId' | 'name'>

export function tokenRoutes(part: Part): void {
  serve(part, routes.listTokens, async ({ context, params }) => {
    const user = await userNamed(context, params.user)
    const tokens = await tokensOfUser(context.store.db, user.id, context.clock.now())
    return answer(200, { api_tokens: await Promise.all(tokens.map((token) => shown(context, user, token))) })
  })
  const signIn = bodySignIn(part.context)
  serve(part, routes.createToken, (call) => create(call, signIn))
  serve(part, routes.getToken, async ({ context, params }) => {
    const user = await userNamed(context, params.user)
    return answer(200, await shown(context, user, await tokenNamed(context, user, params.token)))
  })
  serve(part, routes.deleteToken, remove)
}

async function create(call: Call<typeof routes.createToken>, signIn: ReturnType<typeof bodySignIn>) {
  const { context, params } = call
  const body = call.body ?? {}
  const caller = await requester(call, signIn)
  const user = await userNamed(context, params.user)
  const scopes = await wantedScopes(context, user, body)
  const settings = context.settings()
  const seconds = lifetime(settings, body.expires_in ?? 0)
  const now = context.clock.now()
  const secret = newTokenSecret(context.random)
  const { id } = await createToken(context.store.db, {
    userId: user.id,
    secret,
    scopes,
    note: noteOf(body.note ?? null, caller, user),
    now,
    expiresAt: seconds === null ? null : now + seconds * 1000,
  })
  await audit({ context, caller }, { action: 'token.create', target: `user ${user.name}`, detail: { id, scopes } })
  const token = (await tokenById(context.store.db, id, now))!
  return answer(201, { ...(await shown(context, user, token)), token: secret })
}

/** Who asks: the caller, or with no credentials at all the user whose sign-in form stands in `auth`. */
async function requester(
  call: Call<typeof routes.createToken>,
  signIn: ReturnType<typeof bodySignIn>,
): Promise<Requester> {
  const { context, params, body } = call
  const caller = await call.request.caller()
  if (caller.kind === 'anonymous' && body?.auth) {
    const user = await signIn(call, body.auth)
    // Their password speaks for themselves alone.
    if (user.name !== params.user) throw errors.NO_ACCESS(undefined)
    return { kind: 'user', userId: user.id, name: user.name }
  }
  const target = { kind: 'user', name: params.user } as const
  await authorize(context, caller, { access: { kind: 'scopes', anyOf: ['tokens'] }, target })
  if (caller.kind === 'anonymous') throw errors.NOT_AUTHENTICATED(undefined)
  return caller
}

/** Errors: TOKEN_ROLES_AND_SCOPES, TOKEN_ROLE_UNKNOWN, TOKEN_SCOPES_NOT_HELD and those of scopes. */
async function wantedScopes(
  context: HubContext,
  user: UserRow,
  { scopes, roles }: BodyOf<typeof routes.createToken>,
): Promise<readonly string[]> {
  if (scopes && roles) throw errors.TOKEN_ROLES_AND_SCOPES(undefined)
  const wanted = scopes ?? (await scopesOfRoles(context, roles ?? ['token']))
  checkScopes(wanted, context.settings().hub.customScopes)
  const tooMuch = await scopesNotHeldBy(context, { kind: 'user', id: user.id, name: user.name }, wanted)
  if (tooMuch.length > 0) throw errors.TOKEN_SCOPES_NOT_HELD({ scopes: tooMuch })
  return [...new Set(wanted)]
}

async function scopesOfRoles({ store }: HubContext, names: readonly string[]): Promise<string[]> {
  const scopes: string[] = []
  for (const name of names) {
    const role = await findRole(store.db, name)
    if (!role) throw errors.TOKEN_ROLE_UNKNOWN({ role: name.slice(0, 100) })
    scopes.push(...role.scopes)
  }
  return scopes
}

/** Seconds, or null for ever. Errors: TOKEN_LIFETIME. */
function lifetime({ hub: { tokenExpiresInMaxSeconds: most } }: Settings, seconds: number): number | null {
  const limit = most > 0 ? most : 1e10
  if (seconds < 0 || seconds > limit) throw errors.TOKEN_LIFETIME({ seconds, most: limit })
  if (seconds > 0) return seconds
  return most > 0 ? most : null
}

/** Errors: NOTE_TOO_LONG. */
function noteOf(given: string | null, caller: Requester, user: UserRow): string {
  const isOwn = caller.kind === 'user' && caller.userId === user.id
  const by = isOwn ? '' : ` by ${caller.kind} ${caller.name}`
  const note = (given?.trim() || 'Requested via api') + by
  if (note.length > longestNote) throw errors.NOTE_TOO_LONG({ most: longestNote - by.length })
  return note
}

async function remove(call: Call<typeof routes.deleteToken>) {
  const { context, params } = call
  const { db } = context.store
  const user = await userNamed(context, params.user)
  const token = await tokenNamed(context, user, params.token)
  // A browser would get the next one without asking: who revokes one means the client.
  if (token.client_id === builtInClient) await deleteToken(db, token.id)
  else await deleteTokensOfClient(db, user.id, token.client_id)
  await audit(call, { action: 'token.delete', target: `user ${user.name}`, detail: { id: token.id } })
  return answer(204, null)
}

/** Errors: TOKEN_NOT_FOUND. */
async function tokenNamed({ store, clock }: HubContext, user: UserRow, id: string): Promise<TokenWithClient> {
  const number = tokenNumber(id)
  const token = number === null ? null : await tokenById(store.db, number, clock.now())
  if (token?.user_id !== user.id) throw errors.TOKEN_NOT_FOUND({ token: id.slice(0, 40) })
  return token
}

async function shown(context: HubContext, user: UserRow, token: TokenWithClient): Promise<models.Token> {
  const owner = { kind: 'user', name: user.name } as const
  const scopes = await scopesOfToken(context, token, { ...owner, id: user.id })
  return tokenModel({ token, owner, scopes })
}
