/** Activity reports of servers. */
import { type BodyOf, routes } from '#api'
import type { Millis } from '#base/clock.ts'
import { recordActivity, type SeenActivity, touchUser } from '#store'
import type { HubContext } from '../context.ts'
import { errors } from './errors.ts'
import type { Part } from './index.ts'
import { answer, serve } from './serve.ts'
import { userNamed } from './user-facts.ts'

/** How far ahead a server's clock may be. */
const maxAheadMs = 59 * 60_000

export function activityRoutes(part: Part): void {
  serve(part, routes.reportActivity, async ({ context, params, body }) => {
    const report = readReport(context, body!)
    const user = await userNamed(context, params.user)
    if (report.servers.length > 0) await recordServers(context, user, report.servers)
    const { at } = report
    if (at !== null && at > (user.last_activity ?? 0)) await touchUser(context.store.db, user.id, at)
    return answer(200, null)
  })
}

interface Report {
  readonly at: Millis | null
  readonly servers: readonly { readonly name: string; readonly at: Millis }[]
}

/** Errors: ACTIVITY_EMPTY, TIME_INVALID, TIME_IN_FUTURE. */
export function readReport({ clock }: Pick<HubContext, 'clock'>, body: BodyOf<typeof routes.reportActivity>): Report {
  const { last_activity, servers } = body
  if (last_activity === undefined && servers === undefined) throw errors.ACTIVITY_EMPTY(undefined)
  const now = clock.now()
  return {
    at: last_activity === undefined ? null : readTime(last_activity, now),
    servers: Object.entries(servers ?? {}).map(([name, report]) => ({ name, at: readTime(report.last_activity, now) })),
  }
}

/** Any form that can be read as a date; without a zone it is UTC. */
function readTime(text: string, now: Millis): Millis {
  const hasZone = /(?:z|[+-]\d\d:?\d\d|gmt|utc)\s*$/i.test(text)
  const at = text.length > 64 ? Number.NaN : Date.parse(hasZone ? text : `${text}${text.includes('T') ? 'Z' : ' UTC'}`)
  if (!(at >= 0)) throw errors.TIME_INVALID({ text: text.slice(0, 64) })
  if (at > now + maxAheadMs) throw errors.TIME_IN_FUTURE({ text })
  return Math.floor(at)
}

/** Errors: SERVERS_UNKNOWN. */
async function recordServers(
  { store, servers }: HubContext,
  user: { readonly id: number; readonly name: string },
  reports: Report['servers'],
): Promise<void> {
  const known = new Map((await servers.ofUser(user.id)).map((server) => [server.name, server.lastActivity ?? 0]))
  const unknown = reports.filter(({ name }) => !known.has(name)).map(({ name }) => name.slice(0, 100))
  if (unknown.length > 0) throw errors.SERVERS_UNKNOWN({ user: user.name, servers: unknown })
  const news: SeenActivity[] = reports
    .filter(({ name, at }) => at > known.get(name)!)
    .map(({ name, at }) => ({ userName: user.name, serverName: name, at }))
  await recordActivity(store.db, news)
}
