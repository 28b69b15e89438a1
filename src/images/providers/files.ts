/** Records that list their files: each is downloaded below its own name. */
import { join, normalize } from 'node:path'
import { errors } from '../errors.ts'
import { refuseName } from '../repository/inspect.ts'
import type { ProviderContext } from './contract.ts'

export interface RemoteFile {
  readonly name: string
  readonly url: string
}

export async function downloadAll(
  files: readonly RemoteFile[],
  folder: string,
  { http, log }: ProviderContext,
): Promise<void> {
  for (const { name, url } of files) {
    for (const part of name.split('/')) refuseName(name, part)
    const path = normalize(name)
    if (path.startsWith('/') || path === '..' || path.startsWith('../'))
      throw errors.REPOSITORY_PATH_REFUSED({ path: name, why: 'a path that leads out of it' })
    log(`Requesting ${url}\n`, 'fetching')
    await http.download(url, join(folder, path))
  }
}

/** A field deep in somebody's JSON, or undefined. */
export function dig(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], value)
}

export function textAt(value: unknown, ...path: (string | number)[]): string {
  const found = dig(value, ...path)
  return typeof found === 'string' || typeof found === 'number' ? String(found) : ''
}

export function listAt(value: unknown, ...path: (string | number)[]): unknown[] {
  const found = dig(value, ...path)
  return Array.isArray(found) ? found : []
}
