import { errors } from '../../errors.ts'
import { type Ended, runProgram } from '../../process.ts'
import type { ProviderContext } from '../contract.ts'

export interface GitCall {
  readonly source: string
  readonly folder?: string
  readonly context: ProviderContext
  /** Output goes to the log instead of being returned. */
  readonly isShown?: boolean
  readonly env?: NodeJS.ProcessEnv
}

/** Nothing of the repository may run on this machine: no hooks, no helper programs, no questions. */
const guards = [
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'protocol.ext.allow=never',
  '-c',
  'advice.detachedHead=false',
  // Everything in packs, where its size is watched.
  '-c',
  'fetch.unpackLimit=1',
]

export async function tryGit(
  words: readonly string[],
  { source, folder, context, isShown, env }: GitCall,
): Promise<Ended> {
  const isLocal = source.startsWith('file://') || source.startsWith('/')
  return runProgram(['git', ...guards, ...words], {
    ...(folder !== undefined && { cwd: folder }),
    env: {
      ...process.env,
      GIT_TERMINAL_PROMPT: '0',
      GIT_ASKPASS: '',
      // A repository from the network must not reach folders of this machine through its submodules.
      GIT_ALLOW_PROTOCOL: isLocal ? 'file:git:http:https:ssh' : 'git:http:https:ssh',
      GIT_LFS_SKIP_SMUDGE: '1',
      LC_ALL: 'C',
      ...env,
    },
    signal: context.signal,
    purpose: 'to fetch repositories',
    ...(isShown && { onLine: (line: string) => context.log(`${line}\n`, 'fetching') }),
  })
}

export async function runGit(words: readonly string[], call: GitCall): Promise<Ended> {
  const ended = await tryGit(words, call)
  if (ended.code === 0) return ended
  throw errors.REPOSITORY_NOT_FOUND({ source: call.source, why: reason(ended.stderr) })
}

/** The last sentence of git's own, without its prefix. */
export function reason(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  const fatal = lines.find((line) => /^(fatal|error|remote): /.test(line)) ?? lines.at(-1) ?? 'git gave no reason'
  return fatal.replace(/^(fatal|error|remote): /, '').replace(/[.:]+$/, '')
}
