/** A browser's visits, for tests: one browser, whose attempts are kept in memory. */
import { randomBytes } from 'node:crypto'
import type { Attempt, AttemptProblem, SignInForm, Visit } from './contract.ts'

export interface VisitFacts {
  readonly method?: 'GET' | 'POST'
  /** Below `http://hub.example.org`, or absolute. */
  readonly url?: string
  readonly headers?: Visit['headers']
  readonly form?: SignInForm
  readonly body?: string
  readonly next?: string | null
  readonly clientIp?: string
  readonly hops?: readonly string[]
  /** Where the browser sends no cookies. */
  readonly withoutCookies?: boolean
}

const origin = 'http://hub.example.org'

/** Makes visits of one browser. Attempts that one browser began are foreign to another with the same `attempts`. */
export function testBrowser(attempts: TestAttempts = new Map()): (facts?: VisitFacts) => Visit {
  const browser = Symbol('browser')
  return (facts = {}) => visitOf(browser, attempts, facts)
}

export type TestAttempts = Map<string, { browser: symbol; data: string; next: string | null; isUsed: boolean }>

function visitOf(browser: symbol, attempts: TestAttempts, facts: VisitFacts): Visit {
  const { method = 'GET', url = '/hub/login', headers = {}, form = {}, next = null, clientIp = '192.0.2.7' } = facts
  return {
    clientIp,
    hops: facts.hops ?? [clientIp],
    headers,
    method,
    url: new URL(url, origin),
    form,
    body: facts.body ?? new URLSearchParams(form).toString(),
    language: 'en',
    hubUrl: `${origin}/hub/`,
    next,
    routeUrl: (path) => (path.startsWith('/') ? `${origin}${path}` : `${origin}/hub/${path}`),
    begin: async (data, options = {}) => {
      const id = randomBytes(16).toString('hex')
      attempts.set(id, { browser, data: JSON.stringify(data), next: options.next ?? next, isUsed: false })
      return id
    },
    take: async (id) => take(attempts, id, facts.withoutCookies ? null : browser),
  }
}

function take(attempts: TestAttempts, id: string, browser: symbol | null): Attempt | AttemptProblem {
  const found = attempts.get(id)
  if (!found) return { kind: 'unknown' }
  if (found.isUsed) return { kind: 'used' }
  if (browser !== null && found.browser !== browser) return { kind: 'foreign' }
  attempts.set(id, { ...found, isUsed: true })
  return { kind: 'attempt', id, data: JSON.parse(found.data), next: found.next, isSameBrowser: browser !== null }
}
