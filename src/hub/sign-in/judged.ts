/**
 * Whom the rules judge. JupyterHub asks its rules first and `post_auth_hook` after them: who that hook makes of somebody
 * is who they are here, and who they were before it is whom the rules let in.
 */
import type { Identity } from '#authenticators'
import type { RuleSettings } from '#config'
import { type Candidate, checkMayEnter, type Decision } from './may-enter.ts'
import { normaliseUserName, rewrittenUserName } from './user-name.ts'

/** Errors: those of checkMayEnter. */
export function checkJudged(candidate: Candidate & { readonly identity: Identity }, rules: RuleSettings): Decision {
  const { identity } = candidate
  const { judged } = identity
  if (!judged) return checkMayEnter(candidate, rules)
  const name = normaliseUserName(rewrittenUserName(judged.userName.trim(), rules.usernameRules), rules)
  const isSame = name === candidate.proposed || name === candidate.name
  // Nobody of the name before the hook has an account here: that they are known is no reason.
  const before = isSame ? candidate : { ...candidate, name, proposed: name, isKnown: false }
  const { isAdmin, ...decision } = checkMayEnter({ ...before, identity: { ...identity, ...judged } }, rules)
  return { ...decision, isAdmin: identity.isAdmin ?? isAdmin }
}
