/** The components as processes: found by how they call themselves, not by a file that may be stale. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Component } from './components.ts'
import { enter, findNamespace, processes } from './namespace.ts'
import { addresses, logs, state } from './paths.ts'
import { ClusterError, run, until } from './run.ts'

const title = (name: string) => `${addresses.name}/${name}`
const logOf = (name: string) => join(logs, `${name}.log`)

function findComponent(name: string): number | null {
  return processes().find(({ words }) => words.includes(title(name)))?.pid ?? null
}

export function isRunning(name: string): boolean {
  return findComponent(name) !== null
}

/** Runs on when we end: it is a child of the namespace's first process. */
export async function launch({ name, words, env }: Component): Promise<void> {
  const script = 'exec -a "$0" "$@" >>"$LOG" 2>&1 </dev/null'
  await run(inside(['setsid', '--fork', 'bash', '-c', script, title(name), ...words]), {
    env: { ...env, LOG: logOf(name) },
    cwd: state,
  })
}

/** Kills it and waits until it is gone; the others go on. */
export async function stop(name: string): Promise<void> {
  const pid = findComponent(name)
  if (pid !== null) process.kill(pid, 'SIGKILL')
  await until(`the end of ${name}`, async () => !isRunning(name))
}

/** The end of its log; null if it was never started. */
export function lastWords(name: string): string | null {
  if (!existsSync(logOf(name))) return null
  return readFileSync(logOf(name), 'utf8').trimEnd().split('\n').slice(-12).join('\n')
}

/** The words that run a program inside the cluster of this clone. */
export function inside(words: readonly string[]): string[] {
  const first = findNamespace(addresses.name)
  if (first === null) throw new ClusterError('There is no cluster; `npm run cluster -- up` starts one.')
  return enter(first, words)
}
