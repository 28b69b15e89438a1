import { findUser, type UserRow, userById } from '#store'
import { accountErrors as errors } from './errors.ts'
import type { AccountVisit } from './visit.ts'

/** Whose account the page is about. */
export interface Subject {
  readonly visit: AccountVisit
  readonly user: UserRow
  /** Their own; else an administrator looks at it. */
  readonly isOwn: boolean
}

/** `name` empty: one's own. Errors: ACCOUNT_NOT_YOURS, ACCOUNT_NOT_FOUND. */
export async function subjectOf(visit: AccountVisit, name: string): Promise<Subject> {
  const { context, caller } = visit
  const isOwn = name === '' || name === caller.name
  if (!isOwn && !caller.scopes.has('admin:users')) throw errors.ACCOUNT_NOT_YOURS(undefined)
  const { db } = context.store
  const user = isOwn ? await userById(db, caller.userId) : await findUser(db, name)
  if (!user) throw errors.ACCOUNT_NOT_FOUND({ name: name.slice(0, 64) })
  return { visit, user, isOwn }
}
