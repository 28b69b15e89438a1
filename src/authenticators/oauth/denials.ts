/** Why somebody who comes back from a provider is not let in. What the provider said goes to the log. */
import type { Denial } from '../contract.ts'

const denial = (code: string, message: string, more: Omit<Denial, 'kind' | 'code' | 'message'> = {}): Denial => ({
  kind: 'denied',
  code,
  message,
  ...more,
})

const longest = 300
const short = (text: string) => text.replace(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, longest)

export const denied = {
  /** What it says is shown: it often tells what to do, e.g. that an application must be approved. */
  refusedByProvider: (said: string): Denial =>
    denial('PROVIDER_REFUSED', `The provider did not sign you in: ${short(said)}`, {
      facts: { said: short(said) },
      log: `provider answered: ${short(said)}`,
    }),
  noToken: (log: string): Denial =>
    denial('PROVIDER_ANSWER_WRONG', 'The provider gave an answer that can not be used.', { log: short(log) }),
  notTrusted: (log: string): Denial =>
    denial('PROVIDER_ANSWER_REFUSED', "The provider's answer did not pass the checks.", { log: short(log) }),
  noUserData: (log: string): Denial =>
    denial('PROVIDER_ANSWER_WRONG', 'The provider did not say who you are.', { log: short(log) }),
  claimMissing: (claim: string, user: Readonly<Record<string, unknown>>): Denial =>
    denial('CLAIM_MISSING', `The provider did not send "${claim}", which user names are made of here.`, {
      hint: 'Ask an administrator of the hub: username_claim must name a field that the provider sends.',
      facts: { claim },
      log: `no ${claim} among ${Object.keys(user).join(', ')}`,
      attributes: user,
    }),
  mailNotVerified: (user: Readonly<Record<string, unknown>>): Denial =>
    denial('MAIL_NOT_VERIFIED', 'The provider has not verified your e-mail address.', {
      hint: 'Verify it there, then begin again here.',
      attributes: user,
    }),
  restricted: (rule: string, wants: string, user: Readonly<Record<string, unknown>>): Denial =>
    denial('ACCOUNT_NOT_TAKEN', `Accounts of this kind can't sign in here; it takes one of ${wants}.`, {
      hint: 'Begin again with another account.',
      facts: { wants },
      log: `${rule} takes ${wants}`,
      attributes: user,
    }),
}
