import { randomUUID } from 'node:crypto'
import type { Authenticator, AuthenticatorDeps, Denial, Step } from '../contract.ts'

/** Each visit becomes a user of its own, without being asked anything; a drop-in for tmpauthenticator. */
export function create({ own }: AuthenticatorDeps): Authenticator {
  return {
    name: 'tmp',
    id: own().id,
    service: 'Automatic Temporary Credentials',
    kind: 'redirect',
    asksPassword: false,
    signInPath: 'tmplogin',
    // The hub sends the browser on once more before anybody is made: what keeps no cookies makes no users.
    routes: [{ method: 'GET', path: 'tmplogin', from: 'people', isUnasked: true, run: async () => somebody() }],
    authenticate: async () => noForm,
  }
}

function somebody(): Step {
  const unknown = { isAdmin: null, groups: null, attributes: {}, authState: null }
  return { kind: 'identity', identity: { issuer: 'tmp', subject: null, userName: randomUUID(), ...unknown } }
}

const noForm: Denial = { kind: 'denied', code: 'NO_FORM', message: 'There is no form to sign in with here.' }
