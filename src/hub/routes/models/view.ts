/** Through whose eyes the records of the API are made. */
import { hasScope, hasScopeSomewhere, type Membership, type Scopes, type Target } from '#access'
import type { HubUrls } from '../../context.ts'

export interface View {
  readonly scopes: Scopes
  readonly membership: Membership
  readonly urls: HubUrls
  /** `https://hub.example.org`, or null when nobody has said. */
  readonly origin: string | null
  readonly includeStopped: boolean
}

export function sees({ scopes, membership }: View, scope: string, target: Target): boolean {
  return hasScope(scopes, scope, target, membership)
}

/** Scopes that may show something, out of those in a table of fields: most callers hold few of them. */
export function relevant<F>(scopes: Scopes, fields: Readonly<Record<string, readonly F[]>>): [string, readonly F[]][] {
  return Object.entries(fields).filter(([scope]) => hasScopeSomewhere(scopes, scope))
}

/** The fields of a record that the scopes on it show; empty for a record that is hidden. */
export function fieldsSeen<F>(
  view: View,
  table: readonly (readonly [string, readonly F[]])[],
  target: Target,
): ReadonlySet<F> {
  const seen = new Set<F>()
  for (const [scope, fields] of table) {
    if (sees(view, scope, target)) for (const field of fields) seen.add(field)
  }
  return seen
}
