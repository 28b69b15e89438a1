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

/**
 * Gives a function that tells the fields of a record that the scopes on it show; none for a record that is hidden.
 * What unfiltered scopes show is the same for all, and worked out once.
 */
export function fieldsSeen<F>(view: View, table: Readonly<Record<string, readonly F[]>>) {
  const { scopes } = view
  const held = Object.entries(table).filter(([scope]) => hasScopeSomewhere(scopes, scope))
  const always = new Set(held.filter(([scope]) => scopes.has(scope)).flatMap(([, fields]) => fields))
  const depending = held.filter(([scope]) => !scopes.has(scope))
  return (target: Target): ReadonlySet<F> => {
    const more = depending.filter(([scope]) => sees(view, scope, target)).flatMap(([, fields]) => fields)
    return more.length === 0 ? always : new Set([...always, ...more])
  }
}
