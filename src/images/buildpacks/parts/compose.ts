/** The stages of every image that is not a Dockerfile's, from what a buildpack adds to them. */
import { plannerVersion, type StagedPlan, type Step } from '../../plan/model.ts'
import type { PlanRequest } from '../contract.ts'
import { aptSteps } from './apt.ts'
import { entrySteps } from './entry.ts'
import { operatingSystem } from './operating-system.ts'

export interface Additions {
  readonly buildpack: string
  /** Debian packages of the base. */
  readonly packages?: readonly string[]
  /** Searched before the system's own, first to last. */
  readonly paths: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** What many repositories share. */
  readonly base: readonly Step[]
  /** What reads only the files that it names. */
  readonly environment?: readonly Step[]
  /** What reads the repository. */
  readonly assembly?: readonly Step[]
  /** Programs that run before the user's command, before the repository's own `start`. */
  readonly start?: string
  readonly profile?: string
  readonly notes?: readonly string[]
}

export function composePlan(request: PlanRequest, additions: Additions): StagedPlan {
  const { repository, options } = request
  const paths = [...additions.paths, `/home/${options.user.name}/.local/bin`, `${options.repoDir}/.local/bin`].filter(
    isNew,
  )
  const env = {
    ...additions.env,
    REPO_DIR: options.repoDir,
    PATH: `${paths.join(':')}:$\{PATH}`,
    PYTHONUNBUFFERED: '1',
  }
  const base: Step[] = [
    ...operatingSystem(options, additions.packages ?? []),
    { do: 'env', values: env },
    ...additions.base,
    ...entrySteps(paths, additions.profile),
    ...(options.repoDir === `/home/${options.user.name}` ? [] : [{ do: 'folder', path: options.repoDir } as const]),
    {
      do: 'image',
      config: {
        ports: [8888],
        workdir: options.repoDir,
        entrypoint: ['/usr/local/bin/repo2docker-entrypoint'],
        command: ['jupyter', 'notebook', '--ip', '0.0.0.0'],
        user: String(options.user.uid),
      },
    },
  ]
  return {
    kind: 'stages',
    planner: plannerVersion,
    buildpack: additions.buildpack,
    base: options.base,
    platform: options.platform,
    user: options.user,
    repoDir: options.repoDir,
    labels: options.labels,
    buildArgs: options.buildArgs,
    notes: [...(additions.notes ?? [])],
    stages: [
      { name: 'base' as const, steps: base },
      { name: 'packages' as const, steps: aptSteps(repository) },
      { name: 'environment' as const, steps: additions.environment ?? [] },
      { name: 'repository' as const, steps: repositorySteps(request, additions) },
    ].filter(({ steps }) => steps.length > 0),
  }
}

function repositorySteps({ repository, options }: PlanRequest, additions: Additions): Step[] {
  const postBuild = repository.config('postBuild')
  const start = repository.config('start')
  const entry = additions.start ?? (start && `${options.repoDir}/${start}`)
  return [
    { do: 'repository' },
    ...(additions.assembly ?? []),
    ...(postBuild
      ? [{ do: 'run', title: 'The repository’s postBuild', as: 'user', command: `./${postBuild}` } as const]
      : []),
    ...(entry ? [{ do: 'env', values: { R2D_ENTRYPOINT: entry } } as const] : []),
    ...(options.appendix ? [{ do: 'lines', text: `USER root\n${options.appendix}` } as const] : []),
    { do: 'image', config: { user: String(options.user.uid) } },
  ]
}

const isNew = (path: string, index: number, all: readonly string[]) => all.indexOf(path) === index
