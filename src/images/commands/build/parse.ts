import { parseArgs } from 'node:util'
import { parseBytes } from '#base/bytes.ts'
import type { BuildRequest } from '../../build/request.ts'
import { errors } from '../../errors.ts'
import type { BuildLog } from '../../log.ts'
import { defaultBase, defaultPython, gibibyte, machinePlatform } from '../defaults.ts'
import type { Terminal } from '../terminal.ts'
import { buildOptions } from './options.ts'

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>

export interface ParsedBuild {
  readonly values: Values
  readonly source: string | null
}

export function parseBuildArguments(argv: readonly string[]): ParsedBuild {
  const rows = buildOptions.map(
    ({ name, value, multiple = false }) => [name, { type: value ? 'string' : 'boolean', multiple }] as const,
  )
  const options = { ...Object.fromEntries(rows), help: { type: 'boolean', short: 'h' } } as const
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: options as never,
      strict: true,
      allowPositionals: true,
    })
    if (positionals.length > 1) throw new Error(`one repository at a time: ${positionals.join(' ')}`)
    return { values: values as Values, source: positionals[0] ?? null }
  } catch (error) {
    throw errors.FLAG_INVALID({
      flag: 'himalia build',
      why: `does not understand this: ${(error as Error).message.split('. ')[0]}`,
    })
  }
}

export function buildRequest(
  { values, source }: ParsedBuild,
  { log, terminal }: { log: BuildLog; terminal: Terminal },
): BuildRequest {
  const text = (name: string) => (typeof values[name] === 'string' ? (values[name] as string) : null)
  const list = (name: string) => (values[name] as string[] | undefined) ?? []
  return {
    source: source ?? '.',
    ref: text('ref'),
    subdir: text('subdir') ?? '',
    image: text('image'),
    base: text('base') ?? defaultBase,
    platform: oneOf('platform', text('platform') ?? machinePlatform(), ['linux/amd64', 'linux/arm64']),
    user: parseUser(text('user') ?? 'jovyan:1000'),
    repoDir: parseRepoDir(text('repo-dir') ?? '/srv/repo'),
    python: parsePython(text('python') ?? defaultPython),
    node: values.node ? 'always' : 'when-mentioned',
    hasDefault: true,
    labels: parsePairs('--label', list('label')),
    buildArgs: parseBuildArgs(list('build-arg')),
    appendix: text('appendix') ?? '',
    keepsGit: values['keep-git'] === true,
    history: values['full-history'] ? 'full' : 'shallow',
    lfs: oneOf('lfs', text('lfs') ?? 'fetch', ['fetch', 'skip']),
    settings: {},
    limits: {
      repositoryBytes: parseSize('repository-limit', text('repository-limit') ?? '5G'),
      memoryBytes: text('memory') === null ? null : parseSize('memory', text('memory')!),
      diskBytes: parseSize('disk-limit', text('disk-limit') ?? '50G'),
      seconds: parseSeconds(text('timeout') ?? '7200'),
    },
    engine: text('engine'),
    engineWords: [],
    cacheFrom: [],
    pushes: values.push === true,
    cacheRepository: text('cache-repository'),
    insecureRegistries: list('insecure-registry'),
    certificates: text('ca-file'),
    secrets: parsePairs('--secret', list('secret')),
    reuse: values.rebuild ? 'never' : 'by-content',
    version: terminal.version,
    log,
    signal: terminal.signal,
  }
}

function oneOf<const T extends string>(name: string, value: string, known: readonly T[]): T {
  const found = known.find((word) => word === value)
  if (!found) throw errors.FLAG_INVALID({ flag: `--${name}`, why: `takes ${known.join(' or ')}, not "${value}"` })
  return found
}

/** `k=v`, each name once; a line break would end the instruction that it stands in. */
export function parsePairs(flag: string, entries: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    entries.map((entry) => {
      const at = entry.indexOf('=')
      if (at < 1 || /[\n\r]/.test(entry))
        throw errors.FLAG_INVALID({ flag, why: `takes NAME=VALUE on one line, not ${JSON.stringify(entry)}` })
      return [entry.slice(0, at), entry.slice(at + 1)]
    }),
  )
}

/** Their names become instructions. */
export function parseBuildArgs(entries: readonly string[]): Record<string, string> {
  const args = parsePairs('--build-arg', entries)
  const bad = Object.keys(args).find((name) => !/^[A-Za-z_]\w*$/.test(name))
  if (bad !== undefined) throw errors.FLAG_INVALID({ flag: '--build-arg', why: `can't be named "${bad}"` })
  return args
}

function parseUser(text: string): BuildRequest['user'] {
  const [name = '', uid = ''] = text.split(':')
  if (!/^\d+$/.test(uid)) throw errors.FLAG_INVALID({ flag: '--user', why: `takes NAME:UID, not "${text}"` })
  return checkUser({ name, uid: Number(uid) })
}

export function checkUser(user: BuildRequest['user']): BuildRequest['user'] {
  if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(user.name))
    throw errors.FLAG_INVALID({
      flag: 'The user',
      why: `can't be named "${user.name}"; lower-case letters, digits, - and _ will do`,
    })
  if (!Number.isInteger(user.uid) || user.uid < 1 || user.uid > 2_147_483_647)
    throw errors.FLAG_INVALID({
      flag: 'The user',
      why: `can't have the id ${user.uid}: images run as a user who is not root`,
    })
  return user
}

/** It goes into commands and into instructions. */
export function parseRepoDir(path: string): string {
  if (!/^\/[\w./-]+$/.test(path) || path.split('/').includes('..'))
    throw errors.FLAG_INVALID({
      flag: 'The folder of the repository',
      why: `is an absolute path without spaces, not "${path}"`,
    })
  return path.replace(/\/+$/, '')
}

function parsePython(text: string): string {
  if (!/^3\.\d+$/.test(text))
    throw errors.FLAG_INVALID({ flag: '--python', why: `takes a version such as 3.12, not "${text}"` })
  return text
}

function parseSize(name: string, text: string): number {
  const bytes = parseBytes(text)
  if (bytes === null || bytes < gibibyte / 1024)
    throw errors.FLAG_INVALID({ flag: `--${name}`, why: `takes a size such as 4G or 512M, not "${text}"` })
  return bytes
}

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (!(seconds > 0 && seconds <= 2_000_000))
    throw errors.FLAG_INVALID({ flag: '--timeout', why: `takes a number of seconds, not "${text}"` })
  return seconds
}
