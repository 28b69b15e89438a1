/**
 * The heart of the reconciler, as a table: what is wanted and what is seen → what to do next. Asked again after every
 * step, by any replica, after any crash; so it looks at facts only, never at how they came about.
 */
import type { Millis } from '#base/clock.ts'
import type { FailureReason, Observation } from '#spawners'
import type { ServerPhase } from '#store'
import { answerTimeout, startTimeout, vanished } from './failures.ts'

export interface Situation {
  readonly phase: ServerPhase
  readonly desired: 'running' | 'stopped'
  /** The run, if there is one, was launched for an older wish. */
  readonly isStale: boolean
  /** Something was launched, or may have been, and is not cleaned up yet. */
  readonly hasRun: boolean
  readonly isPrepared: boolean
  readonly isLaunched: boolean
  /** Why the run is to end, where it failed. */
  readonly failure: FailureReason | null
  readonly removeWhenStopped: boolean
  /** `unknown`: the spawner could not tell, or was not asked. */
  readonly seen: Observation | { readonly phase: 'unknown' }
  readonly url: string | null
  readonly now: Millis
  readonly deadlines: Deadlines
  /** What the last look or probe gave, for the sentence of a timeout, e.g. `connection refused`. */
  readonly lastSeen: string
}

export interface Deadlines {
  readonly startBy: Millis
  readonly startSeconds: number
  readonly answerBy: Millis
  readonly answerSeconds: number
  readonly forceStopBy: Millis
}

export type Step =
  /** Nothing to do until something changes. */
  | { readonly kind: 'rest' }
  /** Into the queue: it is wanted, and nothing of it runs. */
  | { readonly kind: 'enqueue' }
  | { readonly kind: 'prepare' }
  | { readonly kind: 'launch' }
  /** It has no address yet. */
  | { readonly kind: 'await' }
  /** It runs: remember where. */
  | { readonly kind: 'meet'; readonly url: string }
  /** Ask it for an answer. */
  | { readonly kind: 'probe' }
  | { readonly kind: 'route' }
  /** It is ready, at another address than before. */
  | { readonly kind: 'move'; readonly url: string }
  /** The run comes to its end; why, unless it was asked for. */
  | { readonly kind: 'end'; readonly failure: FailureReason | null }
  /** Unroute it, stop it, take back what it was given. */
  | { readonly kind: 'halt'; readonly force: boolean }
  | { readonly kind: 'settle'; readonly phase: 'stopped' | 'failed' }
  | { readonly kind: 'remove' }

const rest: Step = { kind: 'rest' }

export function nextStep(at: Situation): Step {
  const isWanted = at.desired === 'running' && !at.isStale
  switch (at.phase) {
    case 'stopped':
    case 'failed':
      if (at.desired === 'running') return { kind: 'enqueue' }
      return at.removeWhenStopped ? { kind: 'remove' } : rest
    case 'queued':
      return at.desired === 'running' ? rest : settle({ ...at, failure: null })
    case 'starting':
      return isWanted ? starting(at) : { kind: 'end', failure: null }
    case 'waiting':
      return isWanted ? waiting(at) : { kind: 'end', failure: null }
    case 'routing':
      return isWanted ? routing(at) : { kind: 'end', failure: null }
    case 'ready':
      return isWanted ? ready(at) : { kind: 'end', failure: null }
    case 'stopping':
      if (at.hasRun) return { kind: 'halt', force: at.now >= at.deadlines.forceStopBy }
      return at.desired === 'running' ? { kind: 'enqueue' } : settle(at)
  }
}

function settle(at: Situation): Step {
  if (at.removeWhenStopped) return { kind: 'remove' }
  return { kind: 'settle', phase: at.failure ? 'failed' : 'stopped' }
}

function starting(at: Situation): Step {
  const { startBy, startSeconds } = at.deadlines
  const gone = ending(at)
  if (gone) return gone
  if (at.seen.phase === 'running') return { kind: 'meet', url: at.seen.url }
  if (at.now >= startBy) {
    const obstacle = at.seen.phase === 'starting' ? at.seen.obstacle : null
    return { kind: 'end', failure: startTimeout(startSeconds, at.lastSeen, obstacle) }
  }
  if (!at.isPrepared) return { kind: 'prepare' }
  return at.isLaunched ? { kind: 'await' } : { kind: 'launch' }
}

function waiting(at: Situation): Step {
  const { answerBy, answerSeconds } = at.deadlines
  const gone = ending(at)
  if (gone) return gone
  if (at.now >= answerBy) return { kind: 'end', failure: answerTimeout(answerSeconds, at.lastSeen) }
  if (at.seen.phase === 'running' && at.seen.url !== at.url) return { kind: 'meet', url: at.seen.url }
  return { kind: 'probe' }
}

function routing(at: Situation): Step {
  return ending(at) ?? { kind: 'route' }
}

/** A ready server is only given up when the spawner knows that it is gone; what is unknown stays as it was. */
function ready(at: Situation): Step {
  const { seen } = at
  // Its owner ended it from inside.
  if (seen.phase === 'exited' && seen.exitCode === 0) return { kind: 'end', failure: null }
  const gone = ending(at)
  if (gone) return gone
  return seen.phase === 'running' && seen.url !== at.url ? { kind: 'move', url: seen.url } : rest
}

/** Launched, and no longer there. */
function ending(at: Situation): Step | null {
  if (!at.isLaunched) return null
  if (at.seen.phase === 'exited') return { kind: 'end', failure: at.seen.reason }
  if (at.seen.phase === 'absent') return { kind: 'end', failure: vanished() }
  return null
}
