import type { Authenticator, AuthenticatorDeps, Denial } from '../contract.ts'

/** Nobody signs in: the hub is for programs with tokens of its API. */
export function create({ own }: AuthenticatorDeps): Authenticator {
  return {
    name: 'null',
    id: own().id,
    service: null,
    kind: 'none',
    asksPassword: false,
    authenticate: async () => noSignIn,
  }
}

const noSignIn: Denial = {
  kind: 'denied',
  code: 'NO_SIGN_IN',
  message: 'Nobody signs in on this hub: it is for programs with tokens of its API.',
}
