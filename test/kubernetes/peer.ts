/** KubeSpawner itself, from the package index, asked what it makes of configurations. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Case } from './case.ts'
import type { Tree } from './differences.ts'

const python = join(import.meta.dirname, '..', '..', '.himalia', 'python', 'kubespawner', 'bin', 'python')

export const userId = 3

/** An answer for each case: manifests, or `{error}` where it refuses. */
export function answersOf(cases: readonly Case[]): readonly Tree[] {
  if (!existsSync(python)) throw new Error(`${python} is not there: run npm test once`)
  const asked = cases.map(({ traits = {}, user = 'ada', ...one }) => ({
    ...one,
    traits: withoutNulls(traits),
    user: { name: user, id: userId },
  }))
  const { stdout, stderr, status } = spawnSync(python, [join(import.meta.dirname, 'peer.py')], {
    input: JSON.stringify(asked),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

/** z2jh's configuration leaves out what is null. */
function withoutNulls(traits: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(traits).filter(([, value]) => value !== null))
}
