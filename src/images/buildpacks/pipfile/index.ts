/** Pipfile and Pipfile.lock, installed by uv: pipenv itself is not needed, and a lock is one cached layer. */
import type { Step } from '../../plan/model.ts'
import type { Repository } from '../../repository/tree.ts'
import type { Buildpack, PlanRequest } from '../contract.ts'
import { textFile } from '../parts/assets.ts'
import { chooseFoundation } from '../parts/choose-foundation.ts'
import { composePlan } from '../parts/compose.ts'
import { pipInstall } from '../parts/pip.ts'
import { choosePython } from '../parts/python-versions.ts'
import { readRuntime } from '../parts/runtime.ts'
import { type PipenvFiles, readPipenv } from './read.ts'
import { requirementsOf } from './requirements.ts'

export const pipfile: Buildpack = {
  name: 'PipfileBuildPack',
  detect(repository) {
    const runtime = readRuntime(repository)
    if (runtime && runtime.name !== 'python') return false
    return repository.config('Pipfile') !== null || repository.config('Pipfile.lock') !== null
  },
  plan(request) {
    const { repository, options } = request
    const files = readPipenv(repository)
    const version = choosePython(files.python ?? options.python, files.source, options.python)
    const foundation = chooseFoundation(repository, options, version)
    const steps = installSteps(request, files)
    return composePlan(request, {
      buildpack: pipfile.name,
      packages: foundation.packages,
      paths: foundation.paths,
      env: foundation.env,
      profile: foundation.profile,
      base: foundation.steps,
      ...steps,
      notes: notesOf(repository),
    })
  },
}

function installSteps(
  { options, repository }: PlanRequest,
  files: PipenvFiles,
): { environment: Step[]; assembly: Step[] } {
  const { lines, local } = requirementsOf(files, `${options.repoDir}/${repository.binder}`)
  const to = '/usr/local/share/himalia/pipfile.txt'
  const environment: Step[] = lines.some((line) => !line.startsWith('--'))
    ? [
        { do: 'copy', title: `What ${files.source} asks for`, files: [textFile(`${lines.join('\n')}\n`, { to })] },
        pipInstall(`Python packages of ${files.source}`, `--requirement=${to}`),
      ]
    : []
  const assembly: Step[] =
    local.length > 0 ? [pipInstall(`Packages of the repository in ${files.source}`, local.join(' '))] : []
  return { environment, assembly }
}

function notesOf(repository: Repository): string[] {
  return repository.config('requirements.txt')
    ? ['requirements.txt is ignored beside a Pipfile, as repo2docker does.']
    : []
}
