/** Archives from the network: only files, folders and links that stay inside; never more than the limit. */
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, rmdir, symlink } from 'node:fs/promises'
import { basename, dirname, join, normalize } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { extract } from 'tar-stream'
import yauzl from 'yauzl'
import { formatBytes } from '#base/bytes.ts'
import { messageOf } from '#base/errors.ts'
import { errors } from '../errors.ts'
import { refuseName } from '../repository/inspect.ts'

export interface UnpackOptions {
  readonly mostBytes: number
  readonly signal: AbortSignal
}

export function isArchive(name: string): boolean {
  return /\.(zip|tar|tar\.gz|tgz|tar\.zst)$/i.test(name)
}

export async function unpack(file: string, folder: string, options: UnpackOptions): Promise<void> {
  const budget = createBudget(options.mostBytes)
  const name = basename(file)
  try {
    await (/\.zip$/i.test(name) ? unzip(file, folder, budget) : untar(file, folder, budget))
  } catch (error) {
    options.signal.throwIfAborted()
    if (Error.isError(error) && 'hint' in error) throw error
    throw errors.ARCHIVE_REFUSED({ name, why: messageOf(error) }, error)
  }
}

/** GitHub's archives, and Zenodo's of them, hold one folder: its content is meant. */
export async function hoistOnlyFolder(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true })
  const [only] = entries
  if (entries.length !== 1 || !only?.isDirectory()) return
  const aside = `${folder}.hoisted`
  await rename(join(folder, only.name), aside)
  await rmdir(folder)
  await rename(aside, folder)
}

type Budget = (bytes: number) => void

function createBudget(mostBytes: number): Budget {
  let bytes = 0
  return (more) => {
    bytes += more
    if (bytes > mostBytes) throw errors.REPOSITORY_TOO_LARGE({ limit: formatBytes(mostBytes) })
  }
}

/** The place of an entry inside of `folder`. */
function placeOf(name: string, folder: string): string {
  for (const part of name.split('/')) refuseName(name, part)
  const path = normalize(name.replaceAll('\\', '/'))
  if (path.startsWith('/') || path === '..' || path.startsWith('../'))
    throw errors.ARCHIVE_REFUSED({ name, why: 'it holds a path that leads out of it' })
  return join(folder, path)
}

async function write(content: Readable, file: string, budget: Budget, mode: number): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  content.on('data', (chunk: Buffer) => {
    try {
      budget(chunk.length)
    } catch (error) {
      content.destroy(error as Error)
    }
  })
  await pipeline(content, createWriteStream(file, { mode: mode & 0o111 ? 0o755 : 0o644, flags: 'wx' }))
}

async function link(target: string, place: string, folder: string): Promise<void> {
  const end = join(dirname(place), target)
  if (target.startsWith('/') || !`${end}/`.startsWith(`${folder}/`))
    throw errors.ARCHIVE_REFUSED({ name: basename(place), why: 'it holds a link that leads out of it' })
  await mkdir(dirname(place), { recursive: true })
  await symlink(target, place)
}

async function untar(file: string, folder: string, budget: Budget): Promise<void> {
  const reader = extract()
  const plain = /\.tar$/i.test(file) ? [] : [/zst$/i.test(file) ? createZstdDecompress() : createGunzip()]
  const reading = pipeline([createReadStream(file), ...plain, reader])
  reading.catch(() => {})
  // Links come last, so that no file is written through one.
  const links: [target: string, place: string][] = []
  for await (const entry of reader) {
    const { name, type, mode = 0o644, linkname } = entry.header
    if (type === ('pax-global-header' as string)) {
      entry.resume()
      continue
    }
    const place = placeOf(name, folder)
    if (type === 'directory') await mkdir(place, { recursive: true })
    else if (type === 'symlink') links.push([linkname ?? '', place])
    else if (type === 'file' || type === 'contiguous-file') {
      await write(entry as unknown as Readable, place, budget, mode)
      continue
    } else throw errors.ARCHIVE_REFUSED({ name, why: `it holds a ${type}` })
    entry.resume()
  }
  await reading
  for (const [target, place] of links) await link(target, place, folder)
}

async function unzip(file: string, folder: string, budget: Budget): Promise<void> {
  const zip = await yauzl.openPromise(file, { lazyEntries: true, autoClose: false })
  const links: [target: string, place: string][] = []
  try {
    for await (const entry of zip.eachEntry()) {
      const mode = entry.externalFileAttributes >>> 16
      const kind = mode & 0o170000
      const place = placeOf(entry.fileName, folder)
      if (entry.fileName.endsWith('/')) {
        await mkdir(place, { recursive: true })
        continue
      }
      if (kind !== 0 && kind !== 0o100000 && kind !== 0o120000)
        throw errors.ARCHIVE_REFUSED({ name: entry.fileName, why: 'it holds a device, a pipe or a socket' })
      const content = await zip.openReadStreamPromise(entry)
      if (kind === 0o120000)
        links.push([Buffer.concat(await Array.fromAsync(content as AsyncIterable<Buffer>)).toString(), place])
      else await write(content, place, budget, mode)
    }
  } finally {
    zip.close()
  }
  for (const [target, place] of links) await link(target, place, folder)
}

/** What a record with one archive means is the archive's content. */
export async function unpackIfAlone(
  folder: string,
  options: UnpackOptions & { readonly hoists: boolean; readonly isArchive: (name: string) => boolean },
): Promise<void> {
  const [only, ...others] = await readdir(folder)
  if (!only || others.length > 0 || !options.isArchive(only)) return
  const file = join(folder, only)
  const aside = `${folder}.archive.${only}`
  await rename(file, aside)
  await unpack(aside, folder, options)
  await rm(aside)
  if (options.hoists) await hoistOnlyFolder(folder)
}
