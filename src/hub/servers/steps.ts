/**
 * The steps, carried out. Each may be repeated after a crash, by any replica. `done`: the lease was given back;
 * `again`: look anew and decide the next step.
 */
import { HimaliaError, messageOf } from '#base/errors.ts'
import type { Handle, Observation, ProgressReport } from '#spawners'
import { admitServers, deleteServer, type ServerRow, writeAndRelease, writeObserved } from '#store'
import { serverPath } from '../pages/views/server-path.ts'
import { within } from './deadline.ts'
import { type ServersDeps, serverTopic, wishTopic } from './deps.ts'
import { launchFailure } from './failures.ts'
import type { Deadlines, Step } from './next-step.ts'
import { probe } from './probe.ts'
import { forgetRun, hookServer, launchRequest, prepare, refOf } from './run.ts'
import { failureMessage } from './state.ts'
import { tell, tellIn } from './tell.ts'
import { LeaseLost, WishChanged, type Work } from './work.ts'

export interface Look {
  readonly row: ServerRow
  readonly seen: Observation | { readonly phase: 'unknown' }
  readonly deadlines: Deadlines
}

type Outcome = 'again' | 'done'

/** A probe hits a server that is just starting; quick at first, so that a fast server is ready fast. */
const probePause = { firstMs: 60, maxMs: 2_000 }
const awaitPause = { firstMs: 200, maxMs: 2_000 }
const faultPause = { firstMs: 500, maxMs: 10_000 }
/** How long an answer that does not come from Jupyter must last before it is taken for the server's own. */
const plainAnswerMs = 5_000
/** A launch that was cut short must come to its end before the stop, or it could go on after it. */
const abortedLaunchMs = 10_000
const forcedStopMs = 30_000
const logTailLines = 30
const gatherMs = 30

export async function perform(
  deps: ServersDeps,
  work: Work,
  { look, step }: { look: Look; step: Step },
): Promise<Outcome> {
  const { row } = look
  switch (step.kind) {
    case 'rest':
      return (await writeAndRelease(deps.store.db, work.lease, {})) ? 'done' : 'again'
    case 'enqueue':
      return enqueue(deps, work, row)
    case 'prepare':
      return prepareRun(deps, work, row)
    case 'launch':
      return launch(deps, work, look)
    case 'await':
      return awaitAddress(deps, work, look)
    case 'meet':
      return meet(deps, work, { look, url: step.url })
    case 'probe':
      return ask(deps, work, row)
    case 'route':
      return route(deps, work, row)
    case 'move':
      await deps.proxy.add(pathOf(deps, row), step.url, routeData(row))
      await observed(deps, work, { url: step.url })
      return 'again'
    case 'end':
      return end(deps, work, { row, failure: step.failure })
    case 'halt':
      return halt(deps, work, { look, force: step.force })
    case 'settle':
      return settle(deps, work, { row, phase: step.phase })
    case 'remove':
      return remove(deps, work, row)
  }
}

async function observed(deps: ServersDeps, work: Work, what: Parameters<typeof writeObserved>[2]): Promise<void> {
  if (!(await writeObserved(deps.store.db, work.lease, what))) throw new LeaseLost()
  deps.store.notices.publish(serverTopic, work.lease.serverId)
}

async function enqueue(deps: ServersDeps, work: Work, row: ServerRow): Promise<Outcome> {
  const now = deps.clock.now()
  await observed(deps, work, { phase: 'queued', phase_since: now, failure: null, run_generation: null })
  await admit(deps)
  deps.log.debug({ server: row.id }, 'Server put into the queue')
  return 'again'
}

/** Lets others in where a place is free. */
export async function admit(deps: ServersDeps): Promise<void> {
  const limit = deps.settings().hub.concurrentSpawnLimit
  const ids = await deps.store.transaction((db) => admitServers(db, { limit, now: deps.clock.now() }))
  for (const id of ids) deps.store.notices.publish(wishTopic, id)
  for (const id of ids) deps.store.notices.publish(serverTopic, id)
}

async function prepareRun(deps: ServersDeps, work: Work, row: ServerRow): Promise<Outcome> {
  try {
    await prepare(deps, work, row)
  } catch (error) {
    return giveUp(deps, work, { row, error })
  }
  return 'again'
}

async function launch(deps: ServersDeps, work: Work, { row, deadlines }: Look): Promise<Outcome> {
  const reports = reporting(deps, work, row)
  let handle: Handle
  try {
    const request = await launchRequest(deps, row)
    if (request === null) {
      await observed(deps, work, { sealed_token: null })
      return 'again'
    }
    await tell(deps, work, { row, told: { progress: 10, message: 'Launching the server' } })
    const ms = deadlines.startBy - deps.clock.now()
    const launched = await within(deps.clock, { ms, signal: work.stepSignal, graceMs: abortedLaunchMs }, (signal) =>
      deps.spawner.launch(request, reports.report, signal),
    )
    handle = launched.handle
  } catch (error) {
    await reports.written()
    return giveUp(deps, work, { row, error })
  }
  await reports.written()
  await observed(deps, work, { handle })
  work.again()
  return 'again'
}

/** A failed launch ends the run; one that was cut short by us is decided on anew. */
async function giveUp(
  deps: ServersDeps,
  work: Work,
  { row, error }: { row: ServerRow; error: unknown },
): Promise<Outcome> {
  work.signal.throwIfAborted()
  if (error instanceof LeaseLost) throw error
  if (work.stepSignal.aborted || isDatabaseFault(error)) {
    if (error instanceof WishChanged || work.stepSignal.aborted) return 'again'
    throw error
  }
  if (error instanceof Error && error.name === 'DeadlinePassed') return 'again'
  const incident = deps.random.hex32().slice(0, 8)
  if (error instanceof HimaliaError) deps.log.warn({ server: row.id, code: error.code }, 'Server could not be launched')
  else deps.log.error({ server: row.id, incident, error }, 'Launching a server failed')
  return end(deps, work, { row, failure: launchFailure(error, incident) })
}

function isDatabaseFault(error: unknown): boolean {
  return error instanceof HimaliaError && error.code.startsWith('DATABASE_')
}

/** Events in the order of their reports, written one after the other; too many are not kept. */
function reporting(deps: ServersDeps, work: Work, row: ServerRow) {
  let count = 0
  let last: Promise<void> = Promise.resolve()
  const report = ({ progress, message, htmlMessage, rawEvent }: ProgressReport) => {
    count += 1
    if (count > 1_000) return
    const told = { progress, message, htmlMessage: htmlMessage ?? null, rawEvent }
    work.lastSeen = message
    last = last
      .then(() => (work.signal.aborted ? undefined : tell(deps, work, { row, told })))
      .catch((error) => deps.log.debug({ server: row.id, problem: messageOf(error) }, 'A progress report was lost'))
  }
  return { report, written: () => last }
}

async function awaitAddress(deps: ServersDeps, work: Work, { row, seen }: Look): Promise<Outcome> {
  if (seen.phase === 'starting') {
    for (const { key, ...report } of work.unheard(seen.news ?? [])) {
      await tell(deps, work, { row, told: { ...report, htmlMessage: report.htmlMessage ?? null } })
    }
    if (seen.message !== null && seen.message !== work.lastSeen) {
      work.lastSeen = seen.message
      await tell(deps, work, { row, told: { progress: seen.progress, message: seen.message } })
    }
  }
  await work.pause(deps.clock, awaitPause)
  return 'again'
}

async function meet(deps: ServersDeps, work: Work, { look, url }: { look: Look; url: string }): Promise<Outcome> {
  const { row, seen } = look
  const since = row.phase === 'waiting' ? {} : { phase: 'waiting' as const, phase_since: deps.clock.now() }
  const handle = seen.phase === 'running' ? { handle: seen.handle } : {}
  await observed(deps, work, { ...since, ...handle, url })
  await tell(deps, work, { row, told: { progress: 75, message: 'The server runs; waiting until it answers' } })
  work.again()
  work.lastSeen = 'nothing listens at its address'
  work.plainSince = null
  return 'again'
}

async function ask(deps: ServersDeps, work: Work, row: ServerRow): Promise<Outcome> {
  const result = await probe(deps.clock, `${row.url}${pathOf(deps, row)}api`, work.stepSignal).catch((error) => {
    work.signal.throwIfAborted()
    if (!work.stepSignal.aborted) throw error
    return null
  })
  if (result === null) return 'again'
  const now = deps.clock.now()
  if (result.kind !== 'jupyter') work.lastSeen = result.seen
  if (result.kind === 'plain') work.plainSince ??= now
  else work.plainSince = null
  const isBelieved = work.plainSince !== null && now - work.plainSince >= plainAnswerMs
  if (result.kind !== 'jupyter' && !isBelieved) {
    await work.pause(deps.clock, probePause)
    return 'again'
  }
  await observed(deps, work, { phase: 'routing', phase_since: now })
  const rawEvent = result.kind === 'jupyter' && result.version ? { jupyterhub_version: result.version } : null
  await tell(deps, work, { row, told: { progress: 90, message: 'The server answers; connecting it', rawEvent } })
  work.again()
  return 'again'
}

function pathOf(deps: ServersDeps, row: ServerRow): string {
  return serverPath(deps.urls.base, row.user_name, row.name)
}

export function routeData(row: Pick<ServerRow, 'user_name' | 'name'>): Record<string, unknown> {
  return { user: row.user_name, server_name: row.name }
}

async function route(deps: ServersDeps, work: Work, row: ServerRow): Promise<Outcome> {
  const path = pathOf(deps, row)
  try {
    await deps.proxy.add(path, row.url ?? '', routeData(row))
  } catch (error) {
    // Without a proxy nobody reaches anything: the server waits for it.
    const message = `${messageOf(error)} Trying again.`
    if (message !== work.lastSeen) await tell(deps, work, { row, told: { message } })
    work.lastSeen = message
    await work.pause(deps.clock, { ...faultPause, maxMs: 2_000 })
    return 'again'
  }
  const now = deps.clock.now()
  const told = {
    kind: 'ready' as const,
    progress: 100,
    message: `Server ready at ${path}`,
    htmlMessage: `Server ready at <a href="${path.replaceAll('&', '&amp;')}">${path.replaceAll('&', '&amp;')}</a>`,
  }
  const isDone = await deps.store.transaction(async (db) => {
    const ready = { phase: 'ready' as const, phase_since: now, ready_at: now, failure: null }
    const isReleased = await writeAndRelease(db, work.lease, ready)
    if (isReleased) await tellIn(db, deps, { work, row, told })
    return isReleased
  })
  if (!isDone) return 'again'
  deps.log.info({ server: row.id, user: row.user_name, ms: now - (row.started_at ?? now) }, 'Server is ready')
  await left(deps, row)
  return 'done'
}

/** Hubs whose queue is about to be moved on. */
const moving = new WeakSet<ServersDeps>()

/**
 * A server has left the starts under way: the next one may come in. To order a long queue costs more than the rest of a
 * start, so those who leave within a moment share it.
 */
async function left(deps: ServersDeps, row: ServerRow): Promise<void> {
  deps.store.notices.publish(serverTopic, row.id)
  if (moving.has(deps)) return
  moving.add(deps)
  await deps.clock.sleep(gatherMs)
  moving.delete(deps)
  await admit(deps).catch((error) => deps.log.warn({ problem: messageOf(error) }, 'The queue could not be moved on'))
}

type Failing = { readonly row: ServerRow; readonly failure: ReturnType<typeof launchFailure> | null }

async function end(deps: ServersDeps, work: Work, { row, failure }: Failing): Promise<Outcome> {
  const now = deps.clock.now()
  const reason = failure && { ...failure, logTail: await logTail(deps, work, { row, failure }) }
  // The wish that this run was for ends with it; a newer one stands.
  const spent = row.run_generation === row.generation ? { spentGeneration: row.generation } : {}
  await observed(deps, work, { phase: 'stopping', phase_since: now, failure: reason, ...spent })
  if (reason) deps.log.info({ server: row.id, user: row.user_name, code: reason.code }, 'Server failed')
  const message = reason ? 'The server failed; cleaning up' : 'Stopping the server'
  await tell(deps, work, { row, told: { message } })
  work.again()
  await left(deps, row)
  return 'again'
}

async function logTail(deps: ServersDeps, work: Work, { row, failure }: Failing): Promise<readonly string[]> {
  if (failure === null || failure.logTail.length > 0) return failure?.logTail ?? []
  try {
    return await within(deps.clock, { ms: 3_000, signal: work.signal }, () =>
      deps.spawner.log(refOf(row), row.handle, logTailLines),
    )
  } catch (error) {
    work.signal.throwIfAborted()
    deps.log.debug({ server: row.id, problem: messageOf(error) }, "A server's log can't be read")
    return []
  }
}

async function halt(deps: ServersDeps, work: Work, { look, force }: { look: Look; force: boolean }): Promise<Outcome> {
  const { row, deadlines } = look
  await deps.proxy.remove(pathOf(deps, row)).catch((error) => {
    // The check of all routes takes it away once the proxy is back.
    deps.log.debug({ server: row.id, problem: messageOf(error) }, 'A route could not be removed yet')
  })
  const ms = force ? forcedStopMs : Math.max(deadlines.forceStopBy - deps.clock.now(), 1)
  try {
    await within(deps.clock, { ms, signal: work.signal }, (signal) =>
      deps.spawner.stop(refOf(row), row.handle, { now: force }, signal),
    )
  } catch (error) {
    work.signal.throwIfAborted()
    const message = `The server could not be stopped yet: ${messageOf(error)}`
    if (message !== work.lastSeen) await tell(deps, work, { row, told: { message } })
    work.lastSeen = message
    deps.log.warn({ server: row.id, force, problem: messageOf(error) }, 'A server could not be stopped; trying again')
    await work.pause(deps.clock, faultPause)
    return 'again'
  }
  await afterStop(deps, row)
  await forgetRun(deps, work, row)
  return 'again'
}

/** What the administrator does after a stop must not keep the server from being gone. */
async function afterStop(deps: ServersDeps, row: ServerRow): Promise<void> {
  if (!deps.hooks.has('postStop')) return
  await hookServer(deps, row)
    .then((server) => deps.hooks.postStop(server))
    .catch((error) => deps.log.warn({ server: row.id, problem: messageOf(error) }, 'The hook postStop failed'))
}

async function settle(
  deps: ServersDeps,
  work: Work,
  { row, phase }: { row: ServerRow; phase: 'stopped' | 'failed' },
): Promise<Outcome> {
  const now = deps.clock.now()
  const isFailed = phase === 'failed'
  const failure = isFailed ? row.failure : null
  const told = isFailed
    ? { kind: 'failed' as const, progress: 100, message: failureMessage(row) }
    : { kind: 'stopped' as const, progress: 100, message: 'The server has stopped' }
  const isDone = await deps.store.transaction(async (db) => {
    const isReleased = await writeAndRelease(db, work.lease, { phase, phase_since: now, failure })
    if (isReleased) await tellIn(db, deps, { work, row, told })
    return isReleased
  })
  if (!isDone) return 'again'
  if (!isFailed) deps.log.info({ server: row.id, user: row.user_name }, 'Server has stopped')
  deps.store.notices.publish(serverTopic, row.id)
  return 'done'
}

async function remove(deps: ServersDeps, work: Work, row: ServerRow): Promise<Outcome> {
  await deps.spawner.deleteStorage(refOf(row), row.handle)
  const isDone = await deleteServer(deps.store.db, work.lease)
  deps.store.notices.publish(serverTopic, row.id)
  return isDone ? 'done' : 'again'
}
