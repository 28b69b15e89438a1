/** Why somebody got in or not: what came in the last time, and what today's rules say to it. */

import type { Settings } from '#config'
import { findPassword, findSecondFactor, findUser, groupsOf, identitiesOfUser, lastAudit, type Store } from '#store'
import type { SeenIdentity } from './attributes.ts'
import { wayOf } from './authenticator-deps.ts'
import { type Decision, decide } from './may-enter.ts'
import { normaliseUserName, rewrittenUserName } from './user-name.ts'

export interface Explanation {
  /** Of the account here. */
  readonly name: string
  readonly account: Account | null
  /** null: there is no record of a visit. */
  readonly visit: PastVisit | null
  /** What the rules of today say, by the way of that visit, or else by the first one to the name alone. */
  readonly decision: Decision
  readonly way: string
}

export interface Account {
  readonly admin: boolean
  readonly identities: readonly { readonly issuer: string; readonly subject: string; readonly way: string }[]
  readonly password: 'none' | 'set' | 'waits for approval'
  readonly hasSecondFactor: boolean
}

export interface PastVisit {
  readonly at: number
  readonly outcome: 'entered' | 'denied'
  /** The rule that let them in, or the code of the denial. */
  readonly because: string
  readonly log: string | null
  readonly ip: string
  readonly way: string
  readonly attributes: Readonly<Record<string, unknown>>
  /** null: nobody was recognised, or it was recorded before this was kept. */
  readonly seen: SeenIdentity | null
}

export const signInActions = ['sign-in', 'sign-in.denied'] as const

type Parts = { readonly store: Store; readonly settings: () => Settings }

export async function explain(parts: Parts, written: string): Promise<Explanation> {
  const { store, settings } = parts
  const { authenticator, ways } = settings()
  const name = normaliseUserName(written.trim(), authenticator)
  const rows = await lastAudit(store.db, { actions: signInActions, target: `user ${name}`, limit: 20 })
  // A mistyped password says nothing about the rules.
  const telling = rows.find(({ detail }) => detail.seen !== undefined) ?? rows[0]
  const visit = telling ? pastVisit(telling) : null
  const way = ways.some(({ id }) => id === visit?.way) ? visit!.way : (ways[0]?.id ?? 'local')
  const user = await findUser(store.db, name)
  const password = user && (await findPassword(store.db, user.id))
  return {
    name,
    account: user && {
      admin: user.admin,
      identities: (await identitiesOfUser(store.db, user.id)).map(({ issuer, subject, way: by }) => ({
        issuer,
        subject,
        way: by,
      })),
      password: !password ? 'none' : password.approved ? 'set' : 'waits for approval',
      hasSecondFactor: (await findSecondFactor(store.db, user.id)) !== null,
    },
    visit,
    decision: decideAgain(parts, {
      name,
      way,
      seen: visit?.seen ?? null,
      isKnown: user !== null && password?.approved !== false,
      hubGroups: user ? await groupsOf(store.db, user.id) : [],
    }),
    way,
  }
}

export function pastVisit({
  at,
  action,
  detail,
}: {
  at: number
  action: string
  detail: Readonly<Record<string, unknown>>
}): PastVisit {
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return {
    at,
    outcome: action === 'sign-in' ? 'entered' : 'denied',
    because: text(action === 'sign-in' ? detail.rule : detail.code),
    log: text(detail.log) || null,
    ip: text(detail.ip),
    way: text(detail.way),
    // Safe: as `recordEntry` and `recordDenial` wrote them.
    attributes: (detail.attributes ?? {}) as Readonly<Record<string, unknown>>,
    seen: (detail.seen ?? null) as SeenIdentity | null,
  }
}

/** Nobody is asked again: what came in then, and the rules of now. */
function decideAgain(
  parts: Parts,
  {
    name,
    way,
    seen,
    isKnown,
    hubGroups,
  }: { name: string; way: string; seen: SeenIdentity | null; isKnown: boolean; hubGroups: readonly string[] },
): Decision {
  const { rules } = wayOf(parts, way)
  const identity = seen ?? { isAdmin: null, groups: null }
  const proposed = seen ? normaliseUserName(rewrittenUserName(seen.userName.trim(), rules.usernameRules), rules) : name
  return decide({ name, proposed, isKnown, hubGroups, identity }, rules)
}
