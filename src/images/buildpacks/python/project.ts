import { parse } from 'smol-toml'
import { messageOf } from '#base/errors.ts'
import { errors } from '../../errors.ts'
import type { Repository } from '../../repository/tree.ts'

export interface Project {
  readonly file: string
  readonly isBuildable: boolean
  readonly requiresPython: string | null
  /** Names of what a build would compute. */
  readonly dynamic: readonly string[]
  readonly dependencies: readonly string[]
}

export function readProject(repository: Repository): Project | null {
  const file = repository.root('pyproject.toml')
  if (!file) return null
  const content = parseToml(repository.text(file), file)
  const project = content.project as Record<string, unknown> | undefined
  if (project === undefined) return null
  const list = (value: unknown) => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [])
  return {
    file,
    isBuildable: 'build-system' in content,
    requiresPython: typeof project['requires-python'] === 'string' ? project['requires-python'] : null,
    dynamic: list(project.dynamic),
    dependencies: list(project.dependencies),
  }
}

export function isProject(repository: Repository): boolean {
  return readProject(repository)?.isBuildable ?? false
}

export function parseToml(text: string, file: string): Record<string, unknown> {
  try {
    return parse(text)
  } catch (error) {
    throw errors.FILE_INVALID({ file, why: `can't be read: ${messageOf(error).split('\n')[0]}` }, error)
  }
}
