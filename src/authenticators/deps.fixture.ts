/** What authenticators are given in their tests: a store in memory and a clock that stands still until told. */
import { systemRandom } from '#base/ids.ts'
import { silentLog } from '#base/log.ts'
import { defaultSettings, type RuleSettings } from '#config'
import { noHooks } from '#hooks'
import type { AuthenticatorDeps, LinkOutcome, StoredPassword } from './contract.ts'

export interface TestDeps extends AuthenticatorDeps {
  readonly stored: Map<string, StoredPassword>
  readonly users: Set<string>
  readonly taken: Map<string, LinkOutcome>
  /** Which sessions were ended. */
  readonly ended: { issuer: string; subject: string | null; id: string | null }[]
  pass(ms: number): void
}

export interface TestWay {
  readonly id?: string
  readonly name?: string
  readonly className?: string
  readonly options?: object
  readonly rules?: Partial<RuleSettings>
}

export function testDeps({ id = 'test', name = id, className = '', options = {}, rules = {} }: TestWay = {}): TestDeps {
  let now = 1_755_000_000_000
  const stored = new Map<string, StoredPassword>()
  const users = new Set<string>()
  const taken = new Map<string, LinkOutcome>()
  const seen = new Set<string>()
  const failures = new Map<string, { count: number; lastAt: number; until: number }>()
  const ended: { issuer: string; subject: string | null; id: string | null }[] = []
  const settings = defaultSettings()
  const way = { id, name, className, options: { ...options }, rules: { ...settings.authenticator, ...rules } }
  return {
    own: () => way,
    settings: () => settings,
    serversAreHere: true,
    clock: { now: () => now, sleep: async () => {} },
    random: systemRandom,
    log: silentLog,
    hooks: noHooks,
    passwords: {
      find: async (userName) => stored.get(userName) ?? null,
      isUser: async (userName) => stored.has(userName) || users.has(userName),
      save: async (userName, password) => void stored.set(userName, password),
    },
    links: {
      take: async (secret) => {
        const outcome = taken.get(secret) ?? { kind: 'unknown' }
        taken.set(secret, { kind: 'used' })
        return outcome
      },
    },
    once: {
      first: async (key) => {
        const isFirst = !seen.has(key)
        seen.add(key)
        return isFirst
      },
    },
    sessions: {
      end: async (which) => ended.push(which),
    },
    failures: {
      count: async (key) => {
        const known = failures.get(key)
        return known && known.until > now ? known : { count: 0, lastAt: 0 }
      },
      add: async (key, forgetMs) => {
        const known = failures.get(key)
        const count = known && known.until > now ? known.count + 1 : 1
        failures.set(key, { count, lastAt: now, until: now + forgetMs })
        return count
      },
      clear: async (key) => void failures.delete(key),
    },
    stored,
    users,
    taken,
    ended,
    pass: (ms) => {
      now += ms
    },
  }
}
