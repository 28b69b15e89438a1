import { load } from 'js-yaml'
import { messageOf } from '#base/errors.ts'
import { errors } from '../../errors.ts'
import { isLocalRequirement } from '../parts/local-requirements.ts'

export interface CondaEnvironment {
  readonly file: string
  /** Specifications such as `numpy>=1.2` or `conda-forge::r-base`. */
  readonly packages: readonly string[]
  readonly pip: readonly string[]
  readonly hasR: boolean
  /** Whether conda would bring nothing but Python and pip. */
  readonly isPipOnly: boolean
  /** Whether pip's part reads the repository. */
  readonly readsRepository: boolean
}

export function readEnvironment(text: string, file: string): CondaEnvironment {
  const content = parseYaml(text, file)
  const dependencies = content.dependencies ?? []
  if (!Array.isArray(dependencies)) throw errors.FILE_INVALID({ file, why: 'has "dependencies" that are no list' })
  const packages = dependencies.filter((item): item is string => typeof item === 'string')
  const pip = dependencies.flatMap((item) => pipList(item, file))
  return {
    file,
    packages,
    pip,
    hasR: packages.some((name) => /^([\w./-]+::)?r-/.test(name)),
    isPipOnly: packages.every((name) => /^([\w./-]+::)?(python|pip)(?![\w-])/.test(name)),
    readsRepository: pip.some(isLocalRequirement),
  }
}

function pipList(item: unknown, file: string): string[] {
  if (typeof item === 'string' || item === null || item === undefined) return []
  const pip = (item as { pip?: unknown }).pip
  if (pip === undefined || pip === null) return []
  if (!Array.isArray(pip)) throw errors.FILE_INVALID({ file, why: 'has a "pip" that is no list' })
  return pip.map(String)
}

function parseYaml(text: string, file: string): Record<string, unknown> {
  if (text.trim() === '') return {}
  let content: unknown
  try {
    content = load(text)
  } catch (error) {
    throw errors.FILE_INVALID({ file, why: `can't be read: ${messageOf(error).split('\n')[0]}` }, error)
  }
  if (content === null || content === undefined) return {}
  if (typeof content !== 'object' || Array.isArray(content))
    throw errors.FILE_INVALID({ file, why: 'is no map with "dependencies"' })
  return content as Record<string, unknown>
}
