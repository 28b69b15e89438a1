/** The files of a fetched repository, read with distrust: nothing outside of its folder is ever opened. */
import { existsSync, lstatSync, readFileSync, realpathSync } from 'node:fs'
import { join, sep } from 'node:path'
import { errors } from '../errors.ts'

const mostBytes = 4 * 1024 * 1024

export interface Repository {
  /** `binder/`, `.binder/`, or an empty text. */
  readonly binder: string
  /** The path of a configuration file, `binder/apt.txt`, or null when there is none. Never one at the root beside a binder folder. */
  config(name: string): string | null
  /** The path of a file that counts at the root only, and only without a binder folder. */
  root(name: string): string | null
  /** The text of a file that `config` or `root` named. */
  text(path: string): string
  bytes(path: string): Buffer
}

export function openRepository(folder: string): Repository {
  const binder = binderFolder(folder)
  const find = (path: string) => (isFile(folder, path) ? path : null)
  const bytes = (path: string) => readInside(folder, path)
  return {
    binder,
    config: (name) => find(`${binder}${name}`),
    root: (name) => (binder === '' ? find(name) : null),
    bytes,
    text: (path) => decode(bytes(path)),
  }
}

function binderFolder(folder: string): string {
  const found = ['binder', '.binder'].filter((name) => lstat(join(folder, name))?.isDirectory())
  if (found.length > 1) throw errors.BINDER_FOLDERS_TWO(undefined)
  return found[0] ? `${found[0]}/` : ''
}

function isFile(folder: string, path: string): boolean {
  const entry = lstat(join(folder, path))
  if (entry?.isSymbolicLink()) return existsSync(join(folder, path)) || refuseDangling(path)
  return entry?.isFile() ?? false
}

function lstat(path: string) {
  return lstatSync(path, { throwIfNoEntry: false })
}

function refuseDangling(path: string): never {
  throw errors.REPOSITORY_PATH_REFUSED({ path, why: 'a link that leads nowhere' })
}

function readInside(folder: string, path: string): Buffer {
  const real = realpathSync(join(folder, path))
  if (!real.startsWith(realpathSync(folder) + sep))
    throw errors.REPOSITORY_PATH_REFUSED({ path, why: 'a link that leads out of it' })
  const { size } = lstatSync(real)
  if (size > mostBytes) throw errors.FILE_INVALID({ file: path, why: `is larger than ${mostBytes} bytes` })
  return readFileSync(real)
}

/** UTF-8 where it is, with or without its mark; UTF-16 by its mark; else Latin-1, which reads everything. */
function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}
