import type { Step } from '../../plan/model.ts'
import type { PlanRequest } from '../contract.ts'
import { early, earlyPath } from '../parts/assets.ts'
import { hasLocalRequirements } from '../parts/local-requirements.ts'
import { hasContent, pipInstall, pipInstallFiles } from '../parts/pip.ts'
import { uvSettings, uvUses } from '../parts/uv-foundation.ts'
import { type Project, readProject } from './project.ts'

export interface PackageSteps {
  readonly environment: Step[]
  readonly assembly: Step[]
  readonly notes: string[]
}

/** What a repository's Python files install; R and Julia repositories have them, too. */
export function pythonPackages(request: PlanRequest, date: string | null): PackageSteps {
  const { repository, options } = request
  const files = ['requirements.txt']
    .flatMap((name) => repository.config(name) ?? [])
    .filter((file) => hasContent(repository.text(file)))
  const readsRepository = files.some((file) => hasLocalRequirements(repository.text(file)))
  const project = readProject(repository)
  const local = files.map((file) => `--requirement='${file}'`)
  const isPackage = repository.root('setup.py') !== null || project?.isBuildable
  return {
    environment: [
      ...lockSteps(request),
      ...pipInstallFiles(
        request,
        ['pylock.toml'].flatMap((name) => repository.config(name) ?? []),
        null,
      ),
      ...dependencySteps(request, project, date),
      ...(readsRepository ? [] : pipInstallFiles(request, files, date)),
    ],
    assembly: [
      ...(readsRepository
        ? [pipInstall(`Python packages of ${files.join(', ')}`, local.join(' '), { date, folder: options.repoDir })]
        : []),
      ...(isPackage ? [pipInstall('The repository’s own Python package', '.', { date, folder: options.repoDir })] : []),
    ],
    notes: [],
  }
}

/** The dependencies of a package change less often than its code: they come first, from the list alone. */
function dependencySteps({ repository }: PlanRequest, project: Project | null, date: string | null): Step[] {
  if (!project || project.dependencies.length === 0 || repository.root('uv.lock')) return []
  if (project.dynamic.includes('dependencies') || project.dependencies.some((line) => /@\s*(file:|\.)/.test(line)))
    return []
  // Without a build system repo2docker installs nothing of it.
  if (!project.isBuildable) return []
  const file = early(repository, project.file)
  return [
    { do: 'copy', title: `${project.file} alone`, files: [file] },
    pipInstall(`Dependencies of ${project.file}`, `--requirement='${file.to}'`, { date }),
  ]
}

/** Exactly what uv.lock names, without the project itself. */
function lockSteps({ repository }: PlanRequest): Step[] {
  const [lock, project] = [repository.root('uv.lock'), repository.root('pyproject.toml')]
  if (!lock || !project) return []
  const list = '/tmp/himalia-uv-lock.txt'
  const folder = earlyPath('').replace(/\/$/, '')
  return [
    {
      do: 'copy',
      title: 'uv.lock and pyproject.toml alone',
      files: [early(repository, lock), early(repository, project)],
    },
    {
      do: 'run',
      title: 'Python packages of uv.lock',
      as: 'root',
      command: `${uvSettings} && cd ${folder} && setpriv --reuid="$NB_UID" --regid="$NB_UID" --init-groups uv export --quiet --frozen --no-emit-workspace --no-python-downloads --project=${folder} > ${list} && install-python-packages --requirement=${list} && rm ${list}`,
      uses: uvUses,
    },
  ]
}
