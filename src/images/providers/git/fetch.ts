import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { formatBytes } from '#base/bytes.ts'
import { errors } from '../../errors.ts'
import type { ProviderContext } from '../contract.ts'
import { fetchLargeFiles } from './lfs.ts'
import type { Target } from './refs.ts'
import { type GitCall, runGit, tryGit } from './run.ts'

export interface Checkout {
  readonly folder: string
  readonly target: Target
  readonly context: ProviderContext
}

/** One commit without history; the whole history where the server has no way to give one commit, or where it is wanted. */
export async function fetchCommit(source: string, { folder, target, context }: Checkout): Promise<void> {
  using watch = watchSize(folder, context)
  const call: GitCall = { source, folder, context: { ...context, signal: watch.signal }, isShown: true }
  await runGit(['init', '--quiet'], call)
  await runGit(['remote', 'add', 'origin', source], call)
  if (context.history === 'shallow' && target.commit) {
    const shallow = await tryGit(['fetch', '--progress', '--depth=1', '--no-tags', 'origin', target.commit], call)
    if (shallow.code === 0) return refuseLarge(folder, context)
  }
  const words = ['fetch', '--progress', '--tags', 'origin', '+refs/heads/*:refs/remotes/origin/*']
  await runGit(words, call)
  await refuseLarge(folder, context)
}

export async function checkOut(source: string, { folder, target, context }: Checkout): Promise<void> {
  using watch = watchSize(folder, context)
  const call: GitCall = { source, folder, context: { ...context, signal: watch.signal } }
  const wanted = target.commit ?? target.ref ?? 'FETCH_HEAD'
  const known = await tryGit(['rev-parse', '--quiet', '--verify', `${wanted}^{commit}`], call)
  if (known.code !== 0) throw errors.REPOSITORY_REF_NOT_FOUND({ ref: wanted, source })
  await runGit(['reset', '--quiet', '--hard', known.stdout.trim()], call)
  await submodules(call, folder)
  await fetchLargeFiles(call, folder)
}

async function submodules(call: GitCall, folder: string): Promise<void> {
  const text = await readFile(join(folder, '.gitmodules'), 'utf8').catch(() => null)
  if (text === null) return
  const { stdout } = await runGit(
    ['config', '--file', '.gitmodules', '--null', '--get-regexp', '^submodule\\..*\\.url$'],
    call,
  ).catch(() => ({ stdout: '' }))
  for (const entry of stdout.split('\0').filter((line) => line !== '')) refuseSubmodule(entry)
  const shallow = call.context.history === 'shallow' ? ['--depth=1'] : []
  const ended = await tryGit(['submodule', 'update', '--init', '--recursive', ...shallow], { ...call, isShown: true })
  if (ended.code !== 0) {
    // Some servers give no single commit.
    const whole = await tryGit(['submodule', 'update', '--init', '--recursive'], { ...call, isShown: true })
    if (whole.code !== 0) throw submoduleFailure(whole.stderr)
  }
}

function refuseSubmodule(entry: string): void {
  const [key = '', url = ''] = entry.split('\n')
  const path = key.slice('submodule.'.length, -'.url'.length)
  const why = /^[A-Za-z0-9+.-]+::/.test(url)
    ? 'it would run a program of this machine'
    : url.startsWith('-')
      ? 'its address begins with a dash'
      : null
  if (why) throw errors.SUBMODULE_REFUSED({ path, url, why })
}

function submoduleFailure(stderr: string) {
  const [, url = 'its address', path = 'of the repository'] =
    /clone of '([^']*)' into submodule path '([^']*)'/.exec(stderr) ?? []
  const [, protocol] = /transport '([^']*)' not allowed/.exec(stderr) ?? []
  return errors.SUBMODULE_REFUSED({
    path,
    url,
    why: protocol ? `${protocol} is not allowed here` : 'git could not fetch it',
  })
}

/** Ends what fetches into `folder` once it is larger than the limit. */
function watchSize(folder: string, { signal, mostBytes }: ProviderContext): Disposable & { signal: AbortSignal } {
  const controller = new AbortController()
  const timer = setInterval(() => {
    sizeOf(folder).then(
      (bytes) => {
        if (bytes > mostBytes) controller.abort(errors.REPOSITORY_TOO_LARGE({ limit: formatBytes(mostBytes) }))
      },
      () => {},
    )
  }, 500)
  return { signal: AbortSignal.any([signal, controller.signal]), [Symbol.dispose]: () => clearInterval(timer) }
}

/** What came faster than it could be watched. */
async function refuseLarge(folder: string, { mostBytes }: ProviderContext): Promise<void> {
  if ((await sizeOf(folder)) > mostBytes) throw errors.REPOSITORY_TOO_LARGE({ limit: formatBytes(mostBytes) })
}

/** Of the packs, where the size of a fetch shows first. */
async function sizeOf(folder: string): Promise<number> {
  const packs = join(folder, '.git', 'objects', 'pack')
  const sizes = (await readdir(packs)).map(async (name) => (await stat(join(packs, name)).catch(() => null))?.size ?? 0)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}
