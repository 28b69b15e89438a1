/** The Python environments that the set-up makes for tests: JupyterHub's servers of several years. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const made = join(import.meta.dirname, '..', '..', '.himalia', 'python')

export const singleUserVersions = ['2.3', '4.1', '5.4', '6.1'] as const
export type SingleUserVersion = (typeof singleUserVersions)[number]

/** The folder of an environment with `bin/jupyterhub-singleuser`; what `HIMALIA_PYTHON` takes. */
export function pythonEnvironment(version: SingleUserVersion): string {
  const folder = version === '6.1' ? (process.env.HIMALIA_PYTHON ?? join(made, 'user')) : join(made, `hub-${version}`)
  if (!existsSync(join(folder, 'bin', 'jupyterhub-singleuser')))
    throw new Error(`${folder} is not there: run npm test once`)
  return folder
}
