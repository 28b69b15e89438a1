import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Observation } from '#spawners'
import { nextStep, type Situation, type Step } from './next-step.ts'

const reason = { code: 'EXITED', message: 'It ended.', hint: null, logTail: [] }
const exited: Observation = { phase: 'exited', exitCode: 1, reason }
const running: Observation = { phase: 'running', url: 'http://127.0.0.1:1', handle: {} }
const elsewhere: Observation = { phase: 'running', url: 'http://127.0.0.1:2', handle: {} }
const starting: Observation = { phase: 'starting', message: null, progress: null }
const absent: Observation = { phase: 'absent' }

/** Wanted, admitted, nothing done yet; all deadlines ahead. */
const admitted: Situation = {
  phase: 'starting',
  desired: 'running',
  isStale: false,
  hasRun: true,
  isPrepared: false,
  isLaunched: false,
  failure: null,
  removeWhenStopped: false,
  seen: { phase: 'unknown' },
  url: null,
  now: 1_000,
  deadlines: { startBy: 2_000, startSeconds: 60, answerBy: 3_000, answerSeconds: 30, forceStopBy: 9_000 },
  lastSeen: 'nothing',
}
const launched = { ...admitted, isPrepared: true, isLaunched: true }
const waiting: Situation = { ...launched, phase: 'waiting', seen: running, url: running.url }
const routing: Situation = { ...waiting, phase: 'routing' }
const ready: Situation = { ...waiting, phase: 'ready' }
const stopping: Situation = { ...waiting, phase: 'stopping', desired: 'stopped', seen: { phase: 'unknown' } }
const cleaned = { ...stopping, hasRun: false, isPrepared: false, isLaunched: false }
const idle: Situation = { ...cleaned, phase: 'stopped' }

type Row = readonly [situation: string, at: Situation, step: string]

const rows: readonly Row[] = [
  ['stopped, not wanted', idle, 'rest'],
  ['stopped, wanted', { ...idle, desired: 'running' }, 'enqueue'],
  ['stopped, to be removed', { ...idle, removeWhenStopped: true }, 'remove'],
  ['failed, not wanted', { ...idle, phase: 'failed', failure: reason }, 'rest'],
  ['failed, wanted again', { ...idle, phase: 'failed', failure: reason, desired: 'running' }, 'enqueue'],
  ['failed, to be removed', { ...idle, phase: 'failed', removeWhenStopped: true }, 'remove'],
  ['queued', { ...idle, phase: 'queued', desired: 'running' }, 'rest'],
  ['queued, no longer wanted', { ...idle, phase: 'queued' }, 'settle stopped'],
  ['queued after a failure, no longer wanted', { ...idle, phase: 'queued', failure: reason }, 'settle stopped'],
  ['admitted', admitted, 'prepare'],
  ['prepared', { ...admitted, isPrepared: true }, 'launch'],
  ['launched, no address yet', { ...launched, seen: starting }, 'await'],
  ['launched, not known how it is', launched, 'await'],
  ['launched, runs', { ...launched, seen: running }, 'meet http://127.0.0.1:1'],
  ['launched, ended', { ...launched, seen: exited }, 'end EXITED'],
  ['launched, gone', { ...launched, seen: absent }, 'end VANISHED'],
  ['prepared, nothing there yet', { ...admitted, isPrepared: true, seen: absent }, 'launch'],
  ['too late to start', { ...launched, seen: starting, now: 2_000 }, 'end TIMEOUT'],
  ['too late to launch', { ...admitted, isPrepared: true, now: 2_000 }, 'end TIMEOUT'],
  ['runs at the last moment', { ...launched, seen: running, now: 2_000 }, 'meet http://127.0.0.1:1'],
  ['starting, no longer wanted', { ...launched, desired: 'stopped' }, 'end'],
  ['starting, wanted otherwise', { ...launched, isStale: true }, 'end'],
  ['waiting', waiting, 'probe'],
  ['waiting, not known how it is', { ...waiting, seen: { phase: 'unknown' } }, 'probe'],
  ['waiting, moved', { ...waiting, seen: elsewhere }, 'meet http://127.0.0.1:2'],
  ['waiting, ended', { ...waiting, seen: exited }, 'end EXITED'],
  ['waiting too long', { ...waiting, now: 3_000 }, 'end TIMEOUT'],
  ['waiting, no longer wanted', { ...waiting, desired: 'stopped' }, 'end'],
  ['answers', routing, 'route'],
  ['answered, then ended', { ...routing, seen: exited }, 'end EXITED'],
  ['answers, wanted otherwise', { ...routing, isStale: true }, 'end'],
  ['ready', ready, 'rest'],
  ['ready, not known how it is', { ...ready, seen: { phase: 'unknown' } }, 'rest'],
  ['ready, restarting in place', { ...ready, seen: starting }, 'rest'],
  ['ready, long after all deadlines', { ...ready, now: 99_000 }, 'rest'],
  ['ready, moved', { ...ready, seen: elsewhere }, 'move http://127.0.0.1:2'],
  ['ready, ended by its owner', { ...ready, seen: { ...exited, exitCode: 0 } }, 'end'],
  ['ready, died', { ...ready, seen: exited }, 'end EXITED'],
  ['ready, gone', { ...ready, seen: absent }, 'end VANISHED'],
  ['ready, no longer wanted', { ...ready, desired: 'stopped' }, 'end'],
  ['ready, wanted otherwise', { ...ready, isStale: true }, 'end'],
  ['stopping', stopping, 'halt'],
  ['stopping for too long', { ...stopping, now: 9_000 }, 'halt force'],
  ['stopped to be started otherwise, still there', { ...stopping, desired: 'running' }, 'halt'],
  ['stopped to be started otherwise, gone', { ...cleaned, desired: 'running' }, 'enqueue'],
  ['failed, cleaned up, wanted again', { ...cleaned, desired: 'running', failure: reason }, 'enqueue'],
  ['cleaned up', cleaned, 'settle stopped'],
  ['failed, cleaned up', { ...cleaned, failure: reason }, 'settle failed'],
  ['cleaned up, to be removed', { ...cleaned, removeWhenStopped: true }, 'remove'],
  ['failed, cleaned up, to be removed', { ...cleaned, failure: reason, removeWhenStopped: true }, 'remove'],
]

for (const [situation, at, step] of rows) {
  test(`${situation} → ${step}`, () => {
    assert.equal(inWords(nextStep(at)), step)
  })
}

test('the reason of a timeout says how long it was and what was seen last', () => {
  const step = nextStep({ ...waiting, now: 3_000, lastSeen: 'nothing listens at its address' })

  assert.ok(step.kind === 'end')
  assert.equal(
    step.failure?.message,
    'The server runs, but did not answer within 30 seconds: nothing listens at its address.',
  )
})

function inWords(step: Step): string {
  switch (step.kind) {
    case 'meet':
    case 'move':
      return `${step.kind} ${step.url}`
    case 'end':
      return step.failure ? `end ${step.failure.code}` : 'end'
    case 'halt':
      return step.force ? 'halt force' : 'halt'
    case 'settle':
      return `settle ${step.phase}`
    default:
      return step.kind
  }
}
