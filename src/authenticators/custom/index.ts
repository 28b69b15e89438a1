import type { AuthenticationResult, Authenticator, AuthenticatorDeps } from '../contract.ts'

/** A way of signing in that the administrator wrote: the hook `authenticator`. */
export async function create({ own: way, hooks }: AuthenticatorDeps): Promise<Authenticator> {
  const own = await hooks.authenticator()
  return {
    name: 'custom',
    id: way().id,
    service: own?.service ?? null,
    kind: 'form',
    asksPassword: own?.asksPassword ?? true,
    async authenticate(form, { clientIp, headers }) {
      if (!form.username) return wrong
      const answer = await hooks.authenticate({ ...form }, { clientIp, headers: { ...headers } })
      if (answer === null) return wrong
      return typeof answer === 'string'
        ? { kind: 'denied', code: 'REFUSED_BY_HOOK', message: answer }
        : identity(answer)
    },
  }
}

const wrong: AuthenticationResult = {
  kind: 'denied',
  code: 'CREDENTIALS_INVALID',
  message: 'Invalid username or password',
}

type Own = Exclude<Awaited<ReturnType<AuthenticatorDeps['hooks']['authenticate']>>, string | null>

function identity({ userName, subject, isAdmin, groups, attributes, authState }: Own): AuthenticationResult {
  const known = { isAdmin: isAdmin ?? null, groups: groups ?? null, authState: authState ?? null }
  return {
    kind: 'identity',
    identity: { issuer: 'custom', subject: subject ?? null, userName, attributes: attributes ?? {}, ...known },
  }
}
