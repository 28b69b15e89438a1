import { posix } from 'node:path'
import { errors } from '../../errors.ts'
import type { PipenvFiles, Wanted } from './read.ts'

export interface Requirements {
  /** Lines of a requirements file that need nothing of the repository. */
  readonly lines: readonly string[]
  /** Words of the command that installs what the repository itself holds. */
  readonly local: readonly string[]
}

/** `folder` is where the Pipfile lies in the image: its paths are relative to it. */
export function requirementsOf(files: PipenvFiles, folder: string): Requirements {
  const lines = files.indexes.map((url) => `--extra-index-url ${url}`)
  const local: string[] = []
  for (const [name, wanted] of files.packages) {
    const path = typeof wanted === 'object' ? (wanted.path ?? localFile(wanted.file)) : undefined
    if (typeof path === 'string') local.push(...localWords(posix.join(folder, path), wanted, files.source))
    else lines.push(requirement(name, wanted, files.source))
  }
  return { lines, local }
}

function localWords(path: string, wanted: Wanted, file: string): string[] {
  if (!/^[\w./+-]+$/.test(path))
    throw errors.FILE_INVALID({ file, why: `names the path "${path}", which holds unusual characters` })
  const target = `${path.replace(/\/$/, '')}${extras(wanted)}`
  return typeof wanted === 'object' && wanted.editable === true ? ['--editable', `'${target}'`] : [`'${target}'`]
}

function requirement(name: string, wanted: Wanted, file: string): string {
  if (typeof wanted === 'string') return `${name}${version(wanted)}`
  const marker = markers(wanted)
  const hashes = Array.isArray(wanted.hashes) ? wanted.hashes.map((hash) => ` --hash=${hash}`).join('') : ''
  if (typeof wanted.git === 'string') {
    const ref = typeof wanted.ref === 'string' ? `@${wanted.ref}` : ''
    const subdirectory = typeof wanted.subdirectory === 'string' ? `#subdirectory=${wanted.subdirectory}` : ''
    return `${name}${extras(wanted)} @ git+${wanted.git}${ref}${subdirectory}${marker}`
  }
  if (typeof wanted.file === 'string') return `${name}${extras(wanted)} @ ${wanted.file}${marker}`
  if (wanted.version !== undefined && typeof wanted.version !== 'string')
    throw errors.FILE_INVALID({ file, why: `has no version for ${name} that can be understood` })
  return `${name}${extras(wanted)}${version(wanted.version ?? '*')}${marker}${hashes}`
}

const version = (text: string) => (text.trim() === '*' || text === '' ? '' : /^\d/.test(text) ? `==${text}` : text)

function extras(wanted: Wanted): string {
  const list = typeof wanted === 'object' && Array.isArray(wanted.extras) ? wanted.extras : []
  return list.length > 0 ? `[${list.join(',')}]` : ''
}

/** `markers`, and the short forms such as `sys_platform = "== 'win32'"`. */
function markers(wanted: Readonly<Record<string, unknown>>): string {
  const short = [
    'os_name',
    'sys_platform',
    'platform_machine',
    'platform_system',
    'python_version',
    'python_full_version',
  ]
  const parts = [
    ...(typeof wanted.markers === 'string' ? [`(${wanted.markers})`] : []),
    ...short.flatMap((name) => (typeof wanted[name] === 'string' ? [`${name} ${wanted[name]}`] : [])),
  ]
  return parts.length > 0 ? ` ; ${parts.join(' and ')}` : ''
}

/** A `file` that is a path and no address. */
function localFile(file: unknown): string | undefined {
  return typeof file === 'string' && !file.includes('://') ? file : undefined
}
