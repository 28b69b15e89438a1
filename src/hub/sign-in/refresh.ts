/**
 * Whether those who are here may still be: asked at the issuer when a while has passed, and before starts. One hub asks
 * for one person at a time; what was known holds while an issuer does not answer.
 */
import type { Authenticator, Identity, Refreshed } from '#authenticators'
import { HimaliaError, messageOf } from '#base/errors.ts'
import {
  claimRefresh,
  groupsOf,
  type IdentityRow,
  identitiesOfUser,
  recordAudit,
  sessionsOfUser,
  setAdmin,
  setGroupsOf,
  type UserRow,
  userById,
} from '#store'
import { authState, saveAuthState } from '../auth-state.ts'
import type { HubContext } from '../context.ts'
import { nameOnly } from './account.ts'
import { afterHooks } from './admit.ts'
import { wayOf } from './authenticator-deps.ts'
import { errors } from './errors.ts'
import { checkJudged } from './judged.ts'
import { endSession } from './sessions-from.ts'

type Parts = Pick<
  HubContext,
  'store' | 'settings' | 'clock' | 'random' | 'log' | 'authenticators' | 'cookieSecret' | 'hooks'
>

export type RefreshOutcome = 'unchanged' | 'renewed' | 'ended' | 'unreachable'

/** After an issuer did not answer, it is asked again so much later. */
const retryMs = 60_000

export async function refreshUser(
  parts: Parts,
  userId: number,
  { isForced }: { isForced: boolean },
): Promise<RefreshOutcome> {
  const found = await originOf(parts, userId)
  if (!found) return 'unchanged'
  const { way, identity } = found
  const ageMs = wayOf(parts, way.id).rules.refreshAgeSeconds * 1000
  if (ageMs === 0) return 'unchanged'
  const now = parts.clock.now()
  const isOurs = await claimRefresh(parts.store.db, identity.id, { now, notAfter: isForced ? now : now - ageMs })
  return isOurs ? ask(parts, { way, identity, userId, ageMs }) : 'unchanged'
}

/** Errors: AUTH_EXPIRED. */
export async function refreshBeforeStart(parts: Parts, userId: number): Promise<void> {
  const found = await originOf(parts, userId)
  if (!found) return
  const { rules, className } = wayOf(parts, found.way.id)
  const isOauth = /OAuthenticator$|^KeyCloakAuthenticator$/.test(className)
  if (!(rules.refreshPreSpawn ?? (isOauth && rules.enableAuthState))) return
  if ((await refreshUser(parts, userId, { isForced: true })) === 'ended') throw errors.AUTH_EXPIRED(undefined)
}

/** The way that the user came by last, if it can be asked. */
async function originOf(
  { store, authenticators }: Parts,
  userId: number,
): Promise<{ way: Authenticator; identity: IdentityRow } | null> {
  if (!authenticators.some(({ refresh }) => refresh)) return null
  const identities = [...(await identitiesOfUser(store.db, userId))].sort((a, b) => b.last_seen_at - a.last_seen_at)
  const [identity] = identities
  const way = authenticators.find(({ id }) => id === identity?.way)
  return identity && way?.refresh ? { way, identity } : null
}

interface Asked {
  readonly way: Authenticator
  readonly identity: IdentityRow
  readonly userId: number
  readonly ageMs: number
}

async function ask(parts: Parts, asked: Asked): Promise<RefreshOutcome> {
  const { way, identity, userId, ageMs } = asked
  const { db } = parts.store
  const user = await userById(db, userId)
  if (!user) return 'unchanged'
  const subject = identity.subject === nameOnly(userId) ? null : identity.subject
  const known = { userName: user.name, issuer: identity.issuer, subject, authState: await authState(parts, userId) }
  const result = await refreshed(parts, { way, user, known }).catch((error): Refreshed => {
    parts.log.error({ user: user.name, way: way.id, error: messageOf(error) }, 'Sign-in could not be looked at again')
    return { kind: 'unreachable', reason: messageOf(error) }
  })
  switch (result.kind) {
    case 'unchanged':
      return 'unchanged'
    case 'unreachable': {
      parts.log.warn({ user: user.name, way: way.id, why: result.reason }, 'The issuer does not answer')
      const at = parts.clock.now() - ageMs + retryMs
      await claimRefresh(db, identity.id, { now: at, notAfter: parts.clock.now() })
      return 'unreachable'
    }
    case 'gone':
      return end(parts, { user, way, why: result.reason })
    case 'identity':
      return renew(parts, { user, way, identity: result.identity })
  }
}

/** The administrator's Python is asked first, and may know better. */
async function refreshed(
  { hooks, store }: Parts,
  { way, user, known }: { way: Authenticator; user: UserRow; known: Known },
): Promise<Refreshed> {
  if (!hooks.has('refreshUser')) return way.refresh!(known)
  const { name, admin } = user
  const said = await hooks.refreshUser({ name, admin, groups: await groupsOf(store.db, user.id) }, known.authState)
  if (said === 'fresh') return { kind: 'unchanged' }
  if (said === 'expired') return { kind: 'gone', reason: 'The hub asks to sign in again.' }
  return way.refresh!(known)
}

type Known = Parameters<NonNullable<Authenticator['refresh']>>[0]

async function renew(
  parts: Parts,
  { user, way, identity: asked }: { user: UserRow; way: Authenticator; identity: Identity },
): Promise<RefreshOutcome> {
  const { rules } = wayOf(parts, way.id)
  const { db } = parts.store
  try {
    const identity = await afterHooks(parts, asked)
    const hubGroups = rules.allowedGroups.length > 0 ? await groupsOf(db, user.id) : []
    const { isAdmin } = checkJudged({ name: user.name, isKnown: true, hubGroups, identity }, rules)
    if (isAdmin !== null && isAdmin !== user.admin) await setAdmin(db, user.id, isAdmin)
    if (rules.manageGroups && identity.groups !== null) await setGroupsOf(db, user.id, identity.groups)
    if (rules.enableAuthState && identity.authState !== null) await saveAuthState(parts, user.id, identity.authState)
    return 'renewed'
  } catch (error) {
    if (!(error instanceof HimaliaError)) throw error
    return end(parts, { user, way, why: error.message })
  }
}

/** What came by this way ends; servers run on until they are stopped. */
async function end(
  parts: Parts,
  { user, way, why }: { user: UserRow; way: Authenticator; why: string },
): Promise<RefreshOutcome> {
  const { store, clock, log } = parts
  const now = clock.now()
  const sessions = (await sessionsOfUser(store.db, user.id, now)).filter((session) => session.way === way.id)
  for (const { id } of sessions) await endSession(parts, { userId: user.id, sessionId: id })
  const target = `user ${user.name}`
  await recordAudit(store.db, { at: now, actor: 'hub', action: 'sign-in.ended', target, detail: { way: way.id, why } })
  log.info({ user: user.name, way: way.id, why }, 'Signed out: the sign-in does not hold any more')
  return 'ended'
}
