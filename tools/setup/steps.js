/** Steps of the set-up: what is done already is skipped at once, what is done now is shown. Plain JavaScript: it runs before anything is installed. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const root = join(import.meta.dirname, '..', '..')
/** What the set-up makes in the clone, but `node_modules`. */
export const made = join(root, '.himalia')

/** A step failed for a reason that a person can mend. */
export class SetupError extends Error {
  constructor(message, hint) {
    super(message)
    this.hint = hint
  }
}

/**
 * @typedef {object} Step
 * @property {string} title what the person reads
 * @property {string} stamp the name under which it is remembered as done
 * @property {() => string} inputs all that decides whether it must be done again
 * @property {() => boolean} [isWhole] a quick look whether the result is still there
 * @property {(say: (line: string) => void) => Promise<void>} work
 */

/** Runs the steps in order. @param {readonly Step[]} steps */
export async function runSteps(steps) {
  const missing = steps.filter((step) => !isDone(step))
  if (missing.length === 0) return
  const release = await lock()
  try {
    for (const [index, step] of missing.entries()) {
      // Another set-up may have done it while this one waited.
      if (!isDone(step)) await show(`[${index + 1}/${missing.length}] ${step.title}`, (say) => run(step, say))
    }
  } finally {
    release()
  }
}

async function run(step, say) {
  rmSync(stampFile(step), { force: true })
  await step.work(say)
  mkdirSync(dirname(stampFile(step)), { recursive: true })
  writeFileSync(stampFile(step), digest(step.inputs()))
}

function isDone(step) {
  try {
    return readFileSync(stampFile(step), 'utf8') === digest(step.inputs()) && (step.isWhole?.() ?? true)
  } catch {
    return false
  }
}

const stampFile = (step) => join(made, 'done', step.stamp)
const digest = (text) => createHash('sha256').update(text).digest('hex')

/** A line with the time that runs on a terminal; a line at the start and one at the end elsewhere. */
async function show(title, work) {
  const began = Date.now()
  const seconds = () => Math.round((Date.now() - began) / 1000)
  const live = process.stderr.isTTY
  let last = ''
  const draw = () =>
    process.stderr.write(`\r\x1b[K${`${title} … ${seconds()} s  ${last}`.slice(0, process.stderr.columns - 1)}`)
  if (!live) process.stderr.write(`${title} …\n`)
  const timer = live ? setInterval(draw, 200) : null
  try {
    await work((line) => {
      last = line.trim() || last
    })
    process.stderr.write(live ? `\r\x1b[K${title} (${seconds()} s)\n` : `${title}: done in ${seconds()} s\n`)
  } catch (error) {
    if (live) process.stderr.write('\r\x1b[K')
    throw error
  } finally {
    if (timer) clearInterval(timer)
  }
}

/** One set-up at a time in a clone; a lock whose process is gone is taken over. */
async function lock() {
  const folder = join(made, 'setup.lock')
  mkdirSync(made, { recursive: true })
  for (let said = false; ; ) {
    try {
      mkdirSync(folder)
      writeFileSync(join(folder, 'pid'), `${process.pid}`)
      return () => rmSync(folder, { recursive: true, force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw explained(error)
    }
    if (isStale(folder)) {
      rmSync(folder, { recursive: true, force: true })
      continue
    }
    if (!said) process.stderr.write('Another set-up runs in this clone; waiting for it …\n')
    said = true
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}

function isStale(folder) {
  try {
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 0)
    return false
  } catch (error) {
    return error.code !== 'EPERM' && error.code !== 'ENOENT'
  }
}

/** The disk's own errors as a sentence. */
export function explained(error) {
  if (error.code === 'ENOSPC')
    return new SetupError('The disk is full.', 'Make some room (about 2 GB), then run the same command again.')
  if (error.code === 'EACCES' || error.code === 'EROFS') {
    return new SetupError(`This clone can't be written to: ${error.path ?? root}`, 'Clone it to a folder of your own.')
  }
  return error
}
