/** Whoever is not let in leaves a line in the log and in the audit log, with what came in. */

import { recordAudit } from '#store'
import type { HubContext } from '../context.ts'
import { type SeenIdentity, shownAttributes } from './attributes.ts'

export interface DenialRecord {
  readonly way: string
  /** As typed, or as proposed; may be nobody's. */
  readonly user: string
  readonly ip: string
  readonly code: string
  readonly log?: string
  readonly attributes?: Readonly<Record<string, unknown>>
  /** Where somebody was recognised, and turned away by the rules. */
  readonly seen?: SeenIdentity
}

const longestName = 32
const longestKnown = 255

export async function recordDenial({ log, store, clock }: HubContext, denial: DenialRecord): Promise<void> {
  const { way, ip, code, attributes, seen } = denial
  // What was only typed may be anything.
  const user = denial.user.slice(0, seen ? longestKnown : longestName)
  const facts = { way, ip, code, ...(denial.log === undefined ? {} : { log: denial.log }) }
  log.warn({ user, ...facts }, 'Sign-in denied')
  const shown = attributes === undefined ? {} : { attributes: shownAttributes(attributes) }
  const detail = { ...facts, ...shown, ...(seen ? { seen } : {}) }
  const target = user === '' ? 'nobody' : `user ${user}`
  await recordAudit(store.db, { at: clock.now(), actor: target, action: 'sign-in.denied', target, detail })
}
