/** What Jupyter itself runs on: a virtual environment made by uv, or conda's where something needs conda. */
import type { Step } from '../../plan/model.ts'
import type { PlanOptions } from '../contract.ts'
import type { PythonChoice } from './python-versions.ts'

export interface Foundation {
  readonly kind: 'uv' | 'conda'
  readonly paths: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
  /** Debian packages that its steps need. */
  readonly packages: readonly string[]
  /** Lines for login shells and for the start. */
  readonly profile: string
}

export interface FoundationOptions {
  readonly options: PlanOptions
  readonly python: PythonChoice
  readonly hasNode: boolean
}

export const serverPrefix = '/srv/conda/envs/notebook'
export const kernelPrefix = '/srv/conda/envs/kernel'
export const npmFolder = '/srv/npm'

/** The names that scripts know from repo2docker; they hold with and without conda. */
export function commonEnv(python: PythonChoice): Record<string, string> {
  return {
    APP_BASE: '/srv',
    CONDA_DIR: '/srv/conda',
    NB_PYTHON_PREFIX: serverPrefix,
    KERNEL_PYTHON_PREFIX: python.isKernelOnly ? kernelPrefix : serverPrefix,
    NPM_DIR: npmFolder,
    NPM_CONFIG_GLOBALCONFIG: `${npmFolder}/npmrc`,
  }
}

/** The npm that follows installs programs where the user may write. */
export function npmSteps(): Step[] {
  return [
    {
      do: 'run',
      title: 'A folder for programs of npm',
      as: 'root',
      command: `mkdir -p ${npmFolder} && echo 'prefix=${npmFolder}' > ${npmFolder}/npmrc && chown -R "$NB_UID:$NB_UID" ${npmFolder}`,
    },
  ]
}
