/**
 * The file of routes: one JSON record a line, a header first, then changes in the order they were made. A crash can
 * only tear the last lines, which were never confirmed to anybody; damage anywhere else makes the whole file
 * untrustworthy, for an old target may by now be somebody else's server.
 */
import type { Millis } from '#base/clock.ts'
import { keyProblem } from '../routes/path.ts'
import type { RouteData } from '../routes/table.ts'
import { parseTarget } from '../routes/target.ts'

export type Change =
  | { readonly kind: 'set'; readonly key: string; readonly data: RouteData; readonly at: Millis }
  | { readonly kind: 'delete'; readonly key: string }

export interface StoredRoute {
  readonly key: string
  readonly data: RouteData
  readonly at: Millis
}

export interface StoredRoutes {
  readonly routes: readonly StoredRoute[]
  /** `torn`: the end was cut off, the rest is good. `garbage`: nothing of it can be trusted. */
  readonly damage: 'none' | 'torn' | 'garbage'
}

const header = '{"himalia":"proxy routes","version":1}'

/** A whole file that holds these routes. */
export function writeSnapshot(routes: Iterable<StoredRoute>): string {
  const lines = [header]
  for (const { key, data, at } of routes) lines.push(writeLine({ kind: 'set', key, data, at }))
  return `${lines.join('\n')}\n`
}

export function writeChanges(changes: readonly Change[]): string {
  return changes.map((change) => `${writeLine(change)}\n`).join('')
}

function writeLine(change: Change): string {
  if (change.kind === 'delete') return JSON.stringify({ delete: change.key })
  return JSON.stringify({ set: change.key, data: change.data, at: change.at })
}

export function readRecords(text: string): StoredRoutes {
  const lines = text.split('\n')
  const rest = lines.pop()
  if (lines[0] !== header) return { routes: [], damage: text === '' || header.startsWith(text) ? 'torn' : 'garbage' }
  const changes = lines.slice(1).map(readLine)
  const bad = changes.indexOf(null)
  if (bad >= 0 && changes.slice(bad).some((change) => change !== null)) return { routes: [], damage: 'garbage' }
  const good = (bad < 0 ? changes : changes.slice(0, bad)) as Change[]
  return { routes: replay(good), damage: bad >= 0 || rest !== '' ? 'torn' : 'none' }
}

function replay(changes: readonly Change[]): readonly StoredRoute[] {
  const routes = new Map<string, StoredRoute>()
  for (const change of changes) {
    if (change.kind === 'set') routes.set(change.key, change)
    else routes.delete(change.key)
  }
  return [...routes.values()].map(({ key, data, at }) => ({ key, data, at }))
}

function readLine(line: string): Change | null {
  try {
    const record = JSON.parse(line) as Record<string, unknown>
    const { data, at } = record
    if (typeof record.delete === 'string') return { kind: 'delete', key: record.delete }
    const key = record.set
    if (typeof key !== 'string' || keyProblem(key) || typeof at !== 'number' || !isRouteData(data)) return null
    parseTarget(data.target)
    return { kind: 'set', key, data, at }
  } catch {
    return null
  }
}

export function isRouteData(value: unknown): value is RouteData {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    typeof (value as Record<string, unknown>).target === 'string'
  )
}
