/** Git LFS: files that git itself keeps as a pointer of three lines. */
import { existsSync } from 'node:fs'
import { lstat, readFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { errors } from '../../errors.ts'
import { type GitCall, reason, tryGit } from './run.ts'

/** What `git lfs install` would write into a person's settings. */
const filters = [
  'clean=git-lfs clean -- %f',
  'smudge=git-lfs smudge -- %f',
  'process=git-lfs filter-process',
  'required=true',
].flatMap((setting) => ['-c', `filter.lfs.${setting}`])
const mostPointerBytes = 1024

export async function fetchLargeFiles(call: GitCall, folder: string): Promise<void> {
  if (call.context.lfs === 'skip') return
  const pointer = await firstPointer(call, folder)
  if (pointer === null) return
  if (!hasProgram()) throw errors.LFS_MISSING({ file: pointer })
  const ended = await tryGit([...filters, 'lfs', 'pull'], { ...call, isShown: true, env: { GIT_LFS_SKIP_SMUDGE: '0' } })
  if (ended.code !== 0 || (await firstPointer(call, folder)) !== null)
    throw errors.LFS_FAILED({ why: reason(ended.stderr) })
}

/** A file of the working tree that is still a pointer. */
async function firstPointer(call: GitCall, folder: string): Promise<string | null> {
  const { stdout } = await tryGit(['ls-files', '-z', '--', ':(attr:filter=lfs)'], call)
  for (const file of stdout.split('\0').filter((name) => name !== '')) {
    const path = join(folder, file)
    const entry = await lstat(path).catch(() => null)
    if (!entry?.isFile() || entry.size > mostPointerBytes) continue
    if ((await readFile(path, 'utf8')).startsWith('version https://git-lfs.github.com/spec/')) return file
  }
  return null
}

const hasProgram = () => (process.env.PATH ?? '').split(delimiter).some((path) => existsSync(join(path, 'git-lfs')))
