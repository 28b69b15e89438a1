import { messageOf } from '#base/errors.ts'
import { errors } from '../../errors.ts'
import type { Repository } from '../../repository/tree.ts'
import { parseToml } from '../python/project.ts'

export type Wanted = string | Readonly<Record<string, unknown>>

export interface PipenvFiles {
  /** The file that decides: the lock where there is one. */
  readonly source: string
  readonly isLock: boolean
  readonly indexes: readonly string[]
  /** The user's and the developer's packages: both are installed. */
  readonly packages: readonly (readonly [name: string, wanted: Wanted])[]
  readonly python: string | null
}

export function readPipenv(repository: Repository): PipenvFiles {
  const [lockFile, plainFile] = [repository.config('Pipfile.lock'), repository.config('Pipfile')]
  const lock = lockFile ? parseJson(repository.text(lockFile), lockFile) : null
  const plain = plainFile ? parseToml(repository.text(plainFile), plainFile) : null
  const meta = record(lock?._meta)
  const sections = lock ? [lock.default, lock.develop] : [plain?.packages, plain?.['dev-packages']]
  return {
    source: lockFile ?? plainFile ?? 'Pipfile',
    isLock: lock !== null,
    indexes: sources(lock ? meta.sources : plain?.source),
    packages: sections.flatMap((section) => Object.entries(record(section)) as [string, Wanted][]),
    python: versionIn(record(meta.requires)) ?? versionIn(record(plain?.requires)),
  }
}

function versionIn(requires: Readonly<Record<string, unknown>>): string | null {
  const text = requires.python_full_version ?? requires.python_version
  return /\d+(\.\d+)*/.exec(typeof text === 'string' ? text : '')?.[0] ?? null
}

function sources(list: unknown): string[] {
  const urls = (Array.isArray(list) ? list : []).map((source) => record(source).url)
  // The public index is the default, which a mirror may stand for.
  return urls.filter(
    (url): url is string => typeof url === 'string' && !/^https:\/\/pypi\.(org|python\.org)\//.test(url),
  )
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

function parseJson(text: string, file: string): Readonly<Record<string, unknown>> {
  try {
    return record(JSON.parse(text))
  } catch (error) {
    throw errors.FILE_INVALID({ file, why: `is no JSON: ${messageOf(error)}` }, error)
  }
}
