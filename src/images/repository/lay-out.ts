/** Puts just those files of a repository into a build's context that belong into the image. */
import { existsSync, lstatSync } from 'node:fs'
import { chmod, cp, lstat, readdir, rename, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import dockerIgnore from '@balena/dockerignore'
import type { Repository } from './tree.ts'

// Its types tell of a default export that its code does not have.
const makeMatcher = dockerIgnore as unknown as typeof dockerIgnore.default

export interface LayOut {
  readonly from: string
  readonly to: string
  /** Whether `from` is ours to take apart; a person's own folder is copied. */
  readonly isOurs: boolean
  readonly keepsGit: boolean
  /** Made executable: they are run. */
  readonly scripts: readonly string[]
}

export async function layOut(repository: Repository, { from, to, isOurs, keepsGit, scripts }: LayOut): Promise<void> {
  const isLeftOut = ignored(repository)
  if (isOurs) {
    await rename(from, to)
    await prune(to, '', isLeftOut)
  } else {
    const keeps = (path: string) => path === from || lstatSync(path).isDirectory() || !isLeftOut(relative(from, path))
    await cp(from, to, { recursive: true, filter: keeps, preserveTimestamps: true, verbatimSymlinks: true })
    await prune(to, '', isLeftOut)
  }
  if (!keepsGit) await rm(join(to, '.git'), { recursive: true, force: true })
  for (const script of scripts) if (existsSync(join(to, script))) await chmod(join(to, script), 0o755)
}

/** Both files count, as in repo2docker; a folder that a later `!` may bring back is gone into. */
function ignored(repository: Repository): (path: string) => boolean {
  const lines = ['.dockerignore', '.containerignore'].flatMap((name) => {
    const path = repository.config(name)
    return path
      ? repository
          .text(path)
          .split(/\r?\n/)
          .map((line) => line.trim())
          .filter((line) => line && !line.startsWith('#'))
      : []
  })
  if (lines.length === 0) return () => false
  const matcher = makeMatcher({ ignorecase: false }).add(lines)
  return (path) => matcher.ignores(path)
}

async function prune(folder: string, path: string, isLeftOut: (path: string) => boolean): Promise<void> {
  for (const name of await readdir(join(folder, path))) {
    const inside = path === '' ? name : `${path}/${name}`
    const entry = join(folder, inside)
    const isFolder = (await lstat(entry)).isDirectory()
    if (isFolder) await prune(folder, inside, isLeftOut)
    if (!isLeftOut(inside)) continue
    if (!isFolder || (await readdir(entry)).length === 0) await rm(entry, { recursive: true, force: true })
  }
}
