import type { DummySettings } from '#config'
import type { AuthenticationResult, Authenticator, AuthenticatorDeps } from '../contract.ts'
import { isSameText } from '../same-text.ts'

/** Any name, with one password for all, or none. For trials: whoever knows the password is whoever they say. */
export function create({ own }: AuthenticatorDeps): Authenticator {
  // Safe: `config` gives each way the options of its class.
  const expected = () => (own().options as unknown as DummySettings).password || null
  return {
    name: 'dummy',
    id: own().id,
    service: null,
    kind: 'form',
    get asksPassword() {
      return expected() !== null
    },
    async authenticate({ username = '', password = '' }) {
      const secret = expected()
      if (username === '' || (secret !== null && !isSameText(password, secret))) return denial
      return identity(username)
    },
  }
}

const denial: AuthenticationResult = {
  kind: 'denied',
  code: 'CREDENTIALS_INVALID',
  message: 'Invalid username or password',
}

function identity(userName: string): AuthenticationResult {
  const unknown = { isAdmin: null, groups: null, attributes: {}, authState: null }
  return { kind: 'identity', identity: { issuer: 'dummy', subject: null, userName, ...unknown } }
}
