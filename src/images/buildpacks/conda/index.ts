/** environment.yml: conda's packages beside Jupyter; uv alone where the file names only packages of PyPI. */

import type { Step } from '../../plan/model.ts'
import type { Repository } from '../../repository/tree.ts'
import type { Buildpack, PlanRequest } from '../contract.ts'
import { early, earlyPath } from '../parts/assets.ts'
import { chooseFoundation } from '../parts/choose-foundation.ts'
import { composePlan } from '../parts/compose.ts'
import { condaFoundation, condaSettings, condaUses } from '../parts/conda-foundation.ts'
import { type Foundation, kernelPrefix, serverPrefix } from '../parts/foundation.ts'
import { mentions } from '../parts/mentions.ts'
import type { PythonChoice } from '../parts/python-versions.ts'
import { pipOnlySteps } from './pip-only.ts'
import { condaR } from './r.ts'
import { type CondaEnvironment, readEnvironment } from './read.ts'
import { condaPython, pipOnlyPython } from './version.ts'

export const conda: Buildpack = {
  name: 'CondaBuildPack',
  detect: (repository) => environmentFile(repository) !== null,
  plan(request) {
    const { repository, options } = request
    const file = environmentFile(repository)!
    const environment = readEnvironment(repository.text(file), file)
    const usesConda =
      repository.config('conda-lock.yml') !== null || mentions(repository, ['conda', 'mamba', 'micromamba'])
    if (environment.isPipOnly && !usesConda) {
      const version = pipOnlyPython(environment, options.python)
      return compose(request, chooseFoundation(repository, options, version), pipOnlySteps(request, environment))
    }
    const version = condaPython(environment, options.python)
    const foundation = condaFoundation({ options, python: version, hasNode: true })
    const r = environment.hasR ? condaR(request, environment) : { root: [], user: [], packages: [] }
    const steps = installSteps(request, environment, version)
    return compose(
      request,
      { ...foundation, packages: [...foundation.packages, ...r.packages] },
      environment.readsRepository
        ? { environment: [], assembly: [...steps, ...r.root, ...r.user] }
        : { environment: [...steps, ...r.root, ...r.user], assembly: [] },
    )
  },
}

function compose(
  request: PlanRequest,
  foundation: Foundation,
  steps: { environment: readonly Step[]; assembly: readonly Step[] },
) {
  const ignored = request.repository.config('requirements.txt')
  return composePlan(request, {
    buildpack: conda.name,
    packages: foundation.packages,
    paths: foundation.paths,
    env: foundation.env,
    profile: foundation.profile,
    base: foundation.steps,
    ...steps,
    notes: ignored ? [`${ignored} is ignored beside an environment.yml, as repo2docker does.`] : [],
  })
}

export function environmentFile(repository: Repository): string | null {
  return repository.config('environment.yml') ?? repository.config('environment.yaml')
}

function installSteps(
  { repository, options }: PlanRequest,
  environment: CondaEnvironment,
  python: PythonChoice,
): Step[] {
  const prefix = python.isKernelOnly ? kernelPrefix : serverPrefix
  const lock = repository.config('conda-lock.yml')
  const file = lock ?? environment.file
  const words = lock ? 'install --yes' : 'env update --yes'
  const [path, folder] = environment.readsRepository ? [file, `cd ${options.repoDir} && `] : [earlyPath(file), '']
  return [
    ...(environment.readsRepository
      ? []
      : [{ do: 'copy', title: `${file} alone`, files: [early(repository, file)] } as const]),
    {
      do: 'run',
      title: `Packages of ${file}`,
      as: 'user',
      command: `${condaSettings} && ${folder}micromamba ${words} --prefix ${prefix} --file '${path}' && micromamba list --prefix ${prefix}`,
      uses: condaUses,
    },
  ]
}
