/** What authenticators are given in their tests: a store in memory and a clock that stands still until told. */
import { systemRandom } from '#base/ids.ts'
import { silentLog } from '#base/log.ts'
import type { Settings } from '#config'
import type { AuthenticatorDeps, LinkOutcome, StoredPassword } from './contract.ts'

export interface TestDeps extends AuthenticatorDeps {
  readonly stored: Map<string, StoredPassword>
  readonly users: Set<string>
  readonly taken: Map<string, LinkOutcome>
  pass(ms: number): void
}

export function testDeps(given: { dummy?: object; native?: object; authenticator?: object } = {}): TestDeps {
  let now = 1_755_000_000_000
  const stored = new Map<string, StoredPassword>()
  const users = new Set<string>()
  const taken = new Map<string, LinkOutcome>()
  const settings = {
    dummy: { password: null, ...given.dummy },
    native: {
      openSignup: false,
      enableSignup: true,
      minimumPasswordLength: 1,
      allowedFailedLogins: 0,
      secondsBeforeNextTry: 600,
      ...given.native,
    },
    authenticator: { allowedUsers: [], ...given.authenticator },
  } as unknown as Settings
  return {
    settings: () => settings,
    clock: { now: () => now, sleep: async () => {} },
    random: systemRandom,
    log: silentLog,
    passwords: {
      find: async (name) => stored.get(name) ?? null,
      isUser: async (name) => stored.has(name) || users.has(name),
      save: async (name, password) => void stored.set(name, password),
    },
    links: {
      take: async (secret) => {
        const outcome = taken.get(secret) ?? { kind: 'unknown' }
        taken.set(secret, { kind: 'used' })
        return outcome
      },
    },
    stored,
    users,
    taken,
    pass: (ms) => {
      now += ms
    },
  }
}
