/**
 * Takes the leases of servers that are due and brings each to what is wanted, step by step. All of it may die at any
 * moment: what is known stands in the database, and another process goes on when the leases have run out.
 */
import type { Clock, Millis } from '#base/clock.ts'
import { HimaliaError, messageOf } from '#base/errors.ts'
import type { Observation } from '#spawners'
import {
  claimServers,
  makeDueIfReady,
  releaseLeases,
  renewLeases,
  type ServerLease,
  type ServerRow,
  serverById,
  takeNote,
} from '#store'
import { within } from './deadline.ts'
import { type ServersDeps, wishTopic } from './deps.ts'
import { type Deadlines, nextStep, type Situation } from './next-step.ts'
import { refOf, settingsOfRun } from './run.ts'
import { type Look, perform } from './steps.ts'
import { LeaseLost, WishChanged, Work } from './work.ts'

export const leaseTtlMs = 6_000
const renewEveryMs = 2_000
const pollEveryMs = 1_000
const observeMs = 10_000
/** A polite stop takes a local process up to 65 s: interrupt, terminate, kill. */
const forceStopAfterMs = 90_000
/** Servers in hand at once; each costs a probe or an observation now and then. */
const capacity = 500
/** One for all: an abort without a reason makes an error with its stack each time. */
const woken = new Error('There is work')

export class Reconciler {
  readonly #deps: ServersDeps
  /** Names this process, not the replica: a replica that starts anew holds none of its old leases. */
  readonly #owner: string
  readonly #works = new Map<number, Work>()
  readonly #tasks = new Set<Promise<void>>()
  #renewedAt: Millis = 0
  #nap = new AbortController()

  constructor(deps: ServersDeps) {
    this.#deps = deps
    this.#owner = `${deps.replica}/${deps.random.hex32()}`
  }

  /** Works until the signal; then gives its leases back. */
  async run(signal: AbortSignal): Promise<void> {
    const { store, spawner, clock } = this.#deps
    this.#renewedAt = clock.now()
    const unsubscribe = store.notices.subscribe(wishTopic, (id) => this.#heard(id))
    spawner.watch((id) => this.#serverChanged(id), signal)
    const onAbort = () => this.#nap.abort(woken)
    signal.addEventListener('abort', onAbort, { once: true })
    await Promise.all([this.#claimLoop(signal), this.#renewLoop(signal)])
    unsubscribe()
    for (const work of this.#works.values()) work.abandon(new LeaseLost('The hub ends'))
    await Promise.allSettled(this.#tasks)
    await releaseLeases(store.db, this.#owner).catch((error) => this.#complain('Leases could not be given back', error))
  }

  async #claimLoop(signal: AbortSignal): Promise<void> {
    const { store, clock } = this.#deps
    while (!signal.aborted) {
      try {
        const limit = capacity - this.#works.size
        const now = await store.now()
        const leases =
          limit > 0 ? await claimServers(store.db, { owner: this.#owner, now, ttlMs: leaseTtlMs, limit }) : []
        for (const lease of leases) this.#take(lease)
      } catch (error) {
        this.#complain('Servers that are due could not be looked up', error)
      }
      await clock.sleep(pollEveryMs, AbortSignal.any([signal, this.#nap.signal])).catch(() => {})
      if (this.#nap.signal.aborted && !signal.aborted) this.#nap = new AbortController()
    }
  }

  #take(lease: ServerLease): void {
    this.#works.get(lease.serverId)?.abandon(new LeaseLost())
    const work = new Work(lease, this.#deps.clock.now())
    this.#works.set(lease.serverId, work)
    const task = bring(this.#deps, work).finally(() => {
      if (this.#works.get(lease.serverId) === work) this.#works.delete(lease.serverId)
      this.#tasks.delete(task)
      // Something came up while its last step was under way; or there is room for others again.
      if (work.isWoken || this.#works.size === capacity - 1) this.#nap.abort(woken)
    })
    this.#tasks.add(task)
  }

  /** One statement prolongs all; what it does not name is lost. */
  async #renewLoop(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps
    while (!signal.aborted) {
      await clock.sleep(renewEveryMs, signal).catch(() => {})
      if (signal.aborted) return
      try {
        await within(clock, { ms: renewEveryMs, signal }, () => this.#renew())
      } catch (error) {
        if (!signal.aborted) this.#complain('Leases could not be prolonged', error)
      }
      // Nobody else may have taken them yet; in a moment somebody will.
      if (clock.now() - this.#renewedAt > leaseTtlMs - renewEveryMs / 2) this.#abandonAll()
    }
  }

  async #renew(): Promise<void> {
    const { store, clock } = this.#deps
    const asked = clock.now()
    const held = new Map(this.#works)
    const now = await store.now()
    const renewed = await renewLeases(store.db, { owner: this.#owner, ids: [...held.keys()], now, ttlMs: leaseTtlMs })
    this.#renewedAt = asked
    const known = new Map(renewed.map((lease) => [lease.serverId, lease]))
    for (const [id, work] of held) {
      const lease = known.get(id)
      if (lease?.fence !== work.lease.fence) work.abandon(new LeaseLost())
      else this.#wishSeen(work, lease.generation)
    }
  }

  #abandonAll(): void {
    for (const work of this.#works.values()) work.abandon(new LeaseLost('The leases could not be prolonged in time'))
  }

  #wishSeen(work: Work, generation: number): void {
    if (work.generation !== null && work.generation !== generation) work.interrupt()
  }

  /** Somebody changed what is wanted of a server, or let it out of the queue. */
  #heard(id: number): void {
    const work = this.#works.get(id)
    if (!work) {
      this.#nap.abort(woken)
      return
    }
    work.wake()
    serverById(this.#deps.store.db, id).then(
      (row) => row && this.#wishSeen(work, row.generation),
      (error) => this.#complain('A wish could not be read', error),
    )
  }

  /** The spawner saw something. */
  #serverChanged(id: number): void {
    const work = this.#works.get(id)
    if (work) {
      work.wake()
      return
    }
    makeDueIfReady(this.#deps.store.db, id).then(
      (isReady) => isReady && this.#nap.abort(woken),
      (error) => this.#complain('A change of a server could not be noted', error),
    )
  }

  #complain(sentence: string, error: unknown): void {
    complain(this.#deps, { sentence, error })
  }
}

/** Faults from outside are for operators; everything else is our own bug. */
function complain({ log }: ServersDeps, { sentence, error }: { sentence: string; error: unknown }): void {
  const isOutside = error instanceof HimaliaError || (error instanceof Error && error.name === 'DeadlinePassed')
  if (isOutside) log.warn({ problem: messageOf(error) }, sentence)
  else log.error({ error: error instanceof Error ? (error.stack ?? error.message) : error }, sentence)
}

/** Brings one server to what is wanted, and returns when its lease is given back or lost. */
async function bring(deps: ServersDeps, work: Work): Promise<void> {
  for (;;) {
    try {
      if (await advance(deps, work)) return
    } catch (error) {
      if (work.signal.aborted || error instanceof LeaseLost) return
      if (error instanceof WishChanged) continue
      complain(deps, { sentence: 'A step of a server failed; trying again', error })
      const isOver = await work.pause(deps.clock, { firstMs: 200, maxMs: 10_000 }).then(
        () => false,
        () => true,
      )
      if (isOver) return
    }
  }
}

/** One look, one decision, one step. True when there is nothing left to do. */
async function advance(deps: ServersDeps, work: Work): Promise<boolean> {
  const { db } = deps.store
  work.signal.throwIfAborted()
  let row = await serverById(db, work.lease.serverId)
  if (row?.due_at === 0) {
    if (!(await takeNote(db, work.lease))) throw new LeaseLost()
    row = await serverById(db, work.lease.serverId)
  }
  if (!row) return true
  if (row.lease_owner !== work.lease.owner || row.lease_fence !== work.lease.fence) throw new LeaseLost()
  work.look(row.generation)
  const look: Look = { row, seen: await observe(deps, work, row), deadlines: await deadlinesOf(deps, work, row) }
  const step = nextStep(situationOf(deps.clock, work, look))
  deps.log.debug({ server: row.id, phase: row.phase, step: step.kind }, 'Next step of a server')
  return (await perform(deps, work, { look, step })) === 'done'
}

const observedPhases: readonly string[] = ['starting', 'waiting', 'routing', 'ready']

async function observe(deps: ServersDeps, work: Work, row: ServerRow): Promise<Observation | { phase: 'unknown' }> {
  if (row.handle === null || !observedPhases.includes(row.phase)) return { phase: 'unknown' }
  try {
    return await within(deps.clock, { ms: observeMs, signal: work.signal }, () =>
      deps.spawner.observe(refOf(row), row.handle),
    )
  } catch (error) {
    work.signal.throwIfAborted()
    deps.log.warn({ server: row.id, problem: messageOf(error) }, 'It is not known how a server is')
    return { phase: 'unknown' }
  }
}

/** Time without any hub at work does not count against the server. */
async function deadlinesOf(deps: ServersDeps, work: Work, row: ServerRow): Promise<Deadlines> {
  const { startSeconds, answerSeconds } = await patienceOf(deps, work, row)
  const since = Math.max(row.phase_since ?? 0, work.claimedAt)
  return {
    startBy: Math.max(row.started_at ?? 0, work.claimedAt) + startSeconds * 1000,
    startSeconds,
    answerBy: since + answerSeconds * 1000,
    answerSeconds,
    forceStopBy: (row.phase_since ?? 0) + forceStopAfterMs,
  }
}

async function patienceOf(deps: ServersDeps, work: Work, row: ServerRow) {
  if (work.patience?.attempt === row.attempt) return work.patience
  const run = await settingsOfRun(deps, row).catch(() => deps.settings().spawner)
  const { startTimeoutSeconds: startSeconds, httpTimeoutSeconds: answerSeconds } = run
  work.patience = { attempt: row.attempt, startSeconds, answerSeconds }
  return work.patience
}

function situationOf(clock: Clock, work: Work, { row, seen, deadlines }: Look): Situation {
  return {
    phase: row.phase,
    desired: row.desired,
    isStale: row.run_generation !== null && row.run_generation !== row.generation,
    hasRun: row.run_generation !== null,
    isPrepared: row.listen_url !== null && row.sealed_token !== null,
    isLaunched: row.handle !== null,
    // Safe: only the step `end` writes it.
    failure: row.failure as Situation['failure'],
    removeWhenStopped: row.remove_when_stopped,
    seen,
    url: row.url,
    now: clock.now(),
    deadlines,
    lastSeen: work.lastSeen,
  }
}
