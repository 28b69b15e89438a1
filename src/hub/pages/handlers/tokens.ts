/** One's own API tokens: the list, the form for a new one, and the applications that hold one. */
import type { FastifyInstance } from 'fastify'
import { checkScopes } from '#access'
import { HimaliaError } from '#base/errors.ts'
import {
  builtInClient,
  createToken,
  deleteToken,
  deleteTokensOfClient,
  newTokenSecret,
  recordAudit,
  type TokenWithClient,
  tokenById,
  tokensOfUser,
} from '#store'
import type { HubContext } from '../../context.ts'
import { scopesNotHeldBy } from '../../effective-scopes.ts'
import { errors } from '../errors.ts'
import { render } from '../render.ts'
import { sendPage } from '../send-page.ts'
import { tokenLifetimes } from '../token-lifetimes.ts'
import { fieldOf, forVisitors, ownerOf, type Visit } from '../visit.ts'

export function registerTokens(app: FastifyInstance, context: HubContext): void {
  const path = `${context.urls.hub}token`
  app.get(
    path,
    forVisitors(context, async (visit) => show(visit, {})),
  )
  app.post(
    path,
    forVisitors(context, async (visit) => {
      // A token could otherwise make itself a stronger one; for programs there is the REST API.
      if (visit.caller.via !== 'cookie') throw errors.NOT_ALLOWED(undefined)
      switch (fieldOf(visit.request.body, 'action')) {
        case 'create':
          return create(visit)
        case 'revoke':
          return revoke(visit)
        default:
          throw errors.FORM_INVALID(undefined)
      }
    }),
  )
}

interface Outcome {
  /** In plain text; shown this once. */
  readonly newToken?: string
  readonly notice?: string
  readonly error?: string
  /** What was typed, to be corrected. */
  readonly typed?: { readonly note: string; readonly scopes: string }
}

async function show(visit: Visit, outcome: Outcome) {
  const { context, request, reply, caller, t } = visit
  const tokens = await tokensOfUser(context.store.db, caller.userId, context.clock.now())
  const variables = {
    api_tokens: tokens.filter(({ client_id }) => client_id === builtInClient).map(tokenView),
    oauth_clients: applications(tokens),
    lifetimes: tokenLifetimes(context.settings().hub.tokenExpiresInMaxSeconds, t),
    new_token: outcome.newToken ?? null,
    notice: outcome.notice ?? '',
    error_message: outcome.error ?? '',
    typed: outcome.typed ?? { note: '', scopes: '' },
    auth_state: null,
  }
  return sendPage(reply, await render(request, context, 'token', variables), outcome.error === undefined ? 200 : 400)
}

async function create(visit: Visit) {
  const { context, request, caller, t } = visit
  await ownerOf(visit, { user: caller.name, name: '' }, 'tokens')
  const note = fieldOf(request.body, 'note') ?? ''
  const scopes = (fieldOf(request.body, 'scopes') ?? '').split(/[\s,]+/).filter((scope) => scope !== '')
  const seconds = Number(fieldOf(request.body, 'expires_in') ?? 0)
  const wanted = scopes.length > 0 ? scopes : ['inherit']
  const problem = await problemOf(visit, { note, scopes: wanted, seconds })
  if (problem !== null) return show(visit, { error: problem, typed: { note, scopes: scopes.join(' ') } })
  const now = context.clock.now()
  const secret = newTokenSecret(context.random)
  await context.store.transaction(async (db) => {
    const expiresAt = seconds === 0 ? null : now + seconds * 1000
    const row = await createToken(db, {
      userId: caller.userId,
      secret,
      scopes: wanted,
      note: note.trim() || t('token.title'),
      now,
      expiresAt,
      sessionId: null,
    })
    const detail = { note: row.note, scopes: wanted }
    await recordAudit(db, {
      at: now,
      actor: `user ${caller.name}`,
      action: 'token.create',
      target: `token a${row.id}`,
      detail,
    })
  })
  return show(visit, { newToken: secret })
}

/** What is wrong with the wish, as a sentence. */
async function problemOf(
  { context, caller, t }: Visit,
  { note, scopes, seconds }: { note: string; scopes: readonly string[]; seconds: number },
): Promise<string | null> {
  if (note.length > 255) return t('token.error.note')
  const offered = tokenLifetimes(context.settings().hub.tokenExpiresInMaxSeconds, t)
  if (!offered.some((each) => each.seconds === seconds)) return t('token.error.expires')
  try {
    checkScopes(scopes, context.settings().hub.customScopes)
  } catch (error) {
    if (!(error instanceof HimaliaError)) throw error
    return t('token.error.scopes', { scopes: error.detail.scope ?? scopes.join(' ') })
  }
  const owner = { kind: 'user', id: caller.userId, name: caller.name } as const
  const missing = await scopesNotHeldBy(context, owner, scopes)
  return missing.length === 0 ? null : t('token.error.scopes', { scopes: missing.join(' ') })
}

async function revoke(visit: Visit) {
  const { context, request, caller, t } = visit
  await ownerOf(visit, { user: caller.name, name: '' }, 'tokens')
  const id = Number(/^a?(\d{1,15})$/.exec(fieldOf(request.body, 'token') ?? '')?.[1] ?? Number.NaN)
  const now = context.clock.now()
  await context.store.transaction(async (db) => {
    const token = Number.isNaN(id) ? null : await tokenById(db, id, now)
    if (token === null || token.user_id !== caller.userId) throw errors.TOKEN_NOT_FOUND(undefined)
    if (token.client_id === builtInClient) await deleteToken(db, id)
    else await deleteTokensOfClient(db, caller.userId, token.client_id)
    const detail = { note: token.note, client: token.client_id }
    await recordAudit(db, {
      at: now,
      actor: `user ${caller.name}`,
      action: 'token.revoke',
      target: `token a${id}`,
      detail,
    })
  })
  return show(visit, { notice: t('token.revoked') })
}

function tokenView(token: TokenWithClient) {
  return {
    id: `a${token.id}`,
    note: token.note,
    scopes: token.scopes,
    inherits: token.scopes.includes('inherit'),
    created: new Date(token.created_at),
    last_activity: token.last_activity === null ? null : new Date(token.last_activity),
    expires_at: token.expires_at === null ? null : new Date(token.expires_at),
  }
}

/** One row for each OAuth client, with the latest use of any of its tokens; its first token stands for all. */
function applications(tokens: readonly TokenWithClient[]) {
  const clients = Map.groupBy(
    tokens.filter(({ client_id }) => client_id !== builtInClient),
    ({ client_id }) => client_id,
  )
  return [...clients.values()].map((group) => {
    const used = Math.max(...group.map(({ last_activity }) => last_activity ?? 0))
    const [first] = group as [TokenWithClient]
    return {
      token_id: `a${first.id}`,
      description: first.client_description || first.client_id,
      scopes: [...new Set(group.flatMap(({ scopes }) => scopes))],
      created: new Date(Math.min(...group.map(({ created_at }) => created_at))),
      last_activity: used === 0 ? null : new Date(used),
    }
  })
}
