/** Looks at every entry of a fetched tree once, before anything is made of it. */
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { errors } from '../errors.ts'

const mostEntries = 2_000_000

/** Refuses what no repository needs and what could harm later: devices, sockets, pipes, control characters in names. */
export async function inspectTree(folder: string): Promise<{ files: number; bytes: number }> {
  let files = 0
  let bytes = 0
  const queue = ['']
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    for (const entry of await readdir(join(folder, path), { withFileTypes: true })) {
      const inside = path === '' ? entry.name : `${path}/${entry.name}`
      refuseName(inside, entry.name)
      files += 1
      if (files > mostEntries) throw errors.REPOSITORY_TOO_LARGE({ limit: `${mostEntries} files` })
      if (entry.isDirectory()) queue.push(inside)
      else if (entry.isFile()) bytes += (await lstat(join(folder, inside))).size
      else if (!entry.isSymbolicLink()) throw errors.REPOSITORY_PATH_REFUSED({ path: inside, why: kindOf(entry) })
    }
  }
  return { files, bytes }
}

export function refuseName(path: string, name: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name))
    throw errors.REPOSITORY_PATH_REFUSED({
      path: JSON.stringify(path),
      why: 'a name with a line break or another control character',
    })
}

function kindOf(entry: { isFIFO(): boolean; isSocket(): boolean }): string {
  if (entry.isFIFO()) return 'a named pipe'
  if (entry.isSocket()) return 'a socket'
  return 'a device'
}
