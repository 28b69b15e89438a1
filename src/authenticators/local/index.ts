import type { AuthenticationResult, Authenticator, AuthenticatorDeps, LinkOutcome } from '../contract.ts'

/** Who starts the hub signs in with the link that it prints, once, as with the token link of Jupyter itself. */
export function create({ links, own }: AuthenticatorDeps): Authenticator {
  return {
    name: 'local',
    id: own().id,
    service: null,
    kind: 'link',
    asksPassword: false,
    async authenticate({ token = '' }) {
      const outcome = /^[\w-]{16,128}$/.test(token) ? await links.take(token) : ({ kind: 'unknown' } as const)
      return outcome.kind === 'taken' ? identity(outcome.userName) : denial(outcome.kind)
    },
  }
}

const rule = { name: 'one-time link', wants: 'a link made for them', isMet: true }

function identity(userName: string): AuthenticationResult {
  const unknown = { isAdmin: null, groups: null, attributes: {}, authState: null }
  return { kind: 'identity', identity: { issuer: 'local', subject: null, userName, rules: [rule], ...unknown } }
}

const sentences: Readonly<Record<Exclude<LinkOutcome['kind'], 'taken'>, string>> = {
  used: 'This sign-in link was used already; it works once.',
  expired: 'This sign-in link has expired.',
  unknown: 'This is no sign-in link of this hub, or a part of it got lost.',
}

function denial(kind: keyof typeof sentences): AuthenticationResult {
  return { kind: 'denied', code: `LINK_${kind.toUpperCase()}`, message: sentences[kind] }
}
