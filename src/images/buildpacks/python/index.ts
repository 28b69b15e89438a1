/** Python packages: requirements.txt, pyproject.toml, setup.py, and the lock of uv. */
import type { Repository } from '../../repository/tree.ts'
import type { Buildpack } from '../contract.ts'
import { chooseFoundation } from '../parts/choose-foundation.ts'
import { composePlan } from '../parts/compose.ts'
import { readRuntime } from '../parts/runtime.ts'
import { pythonPackages } from './packages.ts'
import { isProject } from './project.ts'
import { pythonVersion } from './version.ts'

export const python: Buildpack = {
  name: 'PythonBuildPack',
  detect(repository) {
    const runtime = readRuntime(repository)
    if (runtime) return runtime.name === 'python'
    return hasPackage(repository) || hasList(repository)
  },
  plan(request) {
    const { repository, options } = request
    const version = pythonVersion(repository, options.python)
    const foundation = chooseFoundation(repository, options, version)
    const packages = pythonPackages(request, readRuntime(repository)?.date ?? null)
    return composePlan(request, {
      buildpack: python.name,
      packages: foundation.packages,
      paths: foundation.paths,
      env: foundation.env,
      profile: foundation.profile,
      base: foundation.steps,
      environment: packages.environment,
      assembly: packages.assembly,
      notes: packages.notes,
    })
  },
}

/** The locks are ours: repo2docker knows the first alone. */
function hasList(repository: Repository): boolean {
  const isLocked = repository.root('uv.lock') !== null && repository.root('pyproject.toml') !== null
  return isLocked || ['requirements.txt', 'pylock.toml'].some((name) => repository.config(name) !== null)
}

function hasPackage(repository: Repository): boolean {
  return repository.root('setup.py') !== null || isProject(repository)
}
