import { linkSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { made } from './paths.js'

const file = join(made, 'lock')
const breaking = `${file}.breaking`

/** Does `work` while no other set-up of this clone works. A set-up that died leaves nothing to clean up by hand. */
export async function locked(note, work) {
  mkdirSync(made, { recursive: true })
  let told = false
  while (!claim()) {
    const owner = read()
    if (owner !== null && !lives(owner)) {
      breakLock()
      continue
    }
    if (!told && owner !== null) note(`Another set-up works in this clone (process ${owner.pid}); waiting for it.`)
    told = true
    await sleep(200)
  }
  try {
    return await work()
  } finally {
    release()
  }
}

export function release() {
  if (read()?.pid === process.pid) rmSync(file, { force: true })
}

/** A link appears whole or not at all, so a lock always names its owner. */
function claim() {
  const mine = `${file}.${process.pid}`
  writeFileSync(mine, JSON.stringify({ pid: process.pid, started: startOf(process.pid) }))
  try {
    linkSync(mine, file)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  } finally {
    unlinkSync(mine)
  }
}

/** Two who find the same dead owner must not remove the lock that the first of them then takes. */
function breakLock() {
  try {
    mkdirSync(breaking)
  } catch {
    const age = Date.now() - (statSync(breaking, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
    if (age > 10_000) rmSync(breaking, { recursive: true, force: true })
    return
  }
  const owner = read()
  if (owner !== null && !lives(owner)) rmSync(file, { force: true })
  rmdirSync(breaking)
}

function read() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

function lives(owner) {
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
  return owner.started === null || startOf(owner.pid) === owner.started
}

/** When the process began, where the system tells: a number that comes again names another process. */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return null
  }
}
