/** Steps of the set-up: what is done already is skipped at once, what is done now is shown. Plain JavaScript: it runs before anything is installed. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { endCommands } from './command.js'
import { locked, release } from './lock.js'
import { made, root } from './paths.js'
import { createProgress } from './progress.js'

/**
 * @typedef {object} Step
 * @property {string} title what the person reads
 * @property {string} stamp the name under which it is remembered as done
 * @property {() => string} inputs all that decides whether it must be done again
 * @property {() => boolean} isWhole a quick look whether the result is still there
 * @property {(say: (line: string) => void) => Promise<void>} work
 */

/**
 * Does what is missing: the lanes side by side, the steps of a lane one after the other.
 * @param {readonly (readonly Step[])[]} lanes
 */
export async function runSteps(lanes) {
  const missing = () => lanes.map((lane) => lane.filter((step) => !isDone(step))).filter((lane) => lane.length > 0)
  if (missing().length === 0) return
  const progress = createProgress()
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, interrupted)
  await locked(progress.note, async () => {
    // Another set-up may have done it while this one waited.
    const ends = await Promise.allSettled(missing().map((lane) => runLane(lane, progress)))
    const failure = ends.find((end) => end.status === 'rejected')
    if (failure) throw failure.reason
  })
  for (const signal of signals) process.off(signal, interrupted)
}

async function runLane(lane, progress) {
  for (const step of lane) {
    if (!isDone(step)) await progress.during(step.title, (say) => run(step, say))
  }
}

/** The stamp is the last act of a step, so one that failed or was interrupted is done again. */
async function run(step, say) {
  rmSync(stampFile(step), { force: true })
  await step.work(say)
  mkdirSync(dirname(stampFile(step)), { recursive: true })
  writeFileSync(stampFile(step), digest(step))
}

function isDone(step) {
  try {
    return readFileSync(stampFile(step), 'utf8') === digest(step) && step.isWhole()
  } catch {
    return false
  }
}

const stampFile = (step) => join(made, 'done', step.stamp)

/** The clone's own path counts: scripts of a Python environment name it, and a clone may be moved. */
function digest(step) {
  return createHash('sha256').update([root, process.platform, process.arch, step.inputs()].join('\0')).digest('hex')
}

function interrupted(signal) {
  endCommands()
  release()
  process.stderr.write('\nThe set-up was interrupted; the next run goes on where it stopped.\n')
  process.exit(signal === 'SIGINT' ? 130 : 143)
}
