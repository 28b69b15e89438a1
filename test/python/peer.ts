/** JupyterHub and KubeSpawner themselves, from the package index, with the same code. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const python = join(import.meta.dirname, '..', '..', '.himalia', 'python', 'kubespawner', 'bin', 'python')

export interface Start {
  readonly user: {
    readonly name: string
    readonly id: number
    readonly admin: boolean
    readonly groups: readonly string[]
  }
  readonly options: Readonly<Record<string, unknown>>
  readonly authState: Readonly<Record<string, unknown>> | null
}

export interface Job {
  readonly snippets: readonly (readonly [name: string, code: string])[]
  readonly traits: unknown
  readonly values: unknown
  readonly environment: Readonly<Record<string, string>>
  readonly starts: readonly Start[]
  /** What somebody writes into the form. */
  readonly visits: readonly Readonly<Record<string, string>>[]
}

// Manifests are trees of anything.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Tree = any

export interface Answers {
  readonly starts: readonly { readonly pod?: Tree; readonly error?: string; readonly profiles: readonly string[] }[]
  readonly visits: readonly (Readonly<Record<string, unknown>> | null)[]
  readonly hub: Readonly<Record<string, unknown>>
}

export async function askPeer(job: Job): Promise<Answers> {
  if (!existsSync(python)) throw new Error(`${python} is not there: run npm test once`)
  const asked = promisify(execFile)(python, [join(import.meta.dirname, 'peer.py')], { maxBuffer: 1 << 28 })
  asked.child.stdin?.end(JSON.stringify(job))
  return JSON.parse((await asked).stdout)
}
