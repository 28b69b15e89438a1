import type { Membership } from '#access'
import { noMembership } from '#access'
import type { HubContext } from '../context.ts'
import type { SignedIn } from './authorize.ts'
import { membershipOf } from './authorize.ts'
import type { View } from './models/view.ts'

/** The view of a caller; `users` are those whose groups may matter. */
export async function viewOf(
  context: HubContext,
  caller: Pick<SignedIn, 'scopes'>,
  { users = [], includeStopped = false }: { users?: readonly string[]; includeStopped?: boolean } = {},
): Promise<View> {
  const membership = users.length === 0 ? noMembership : await membershipOf(context, caller.scopes, users)
  return viewWith(context, caller, { membership, includeStopped })
}

export function viewWith(
  { urls, settings }: HubContext,
  { scopes }: Pick<SignedIn, 'scopes'>,
  { membership, includeStopped }: { membership: Membership; includeStopped: boolean },
): View {
  const { publicUrl } = settings().hub
  const origin = publicUrl && URL.canParse(publicUrl) ? new URL(publicUrl).origin : null
  return { scopes, membership, urls, origin, includeStopped }
}
