import { type ParseArgsConfig, parseArgs } from 'node:util'
import type { Mode } from '../load.ts'
import { resolvePlain } from '../yaml/scalar.ts'
import { UsageProblem } from './io.ts'

export interface FileArguments {
  readonly words: readonly string[]
  readonly mode: Mode
  readonly overrides: Readonly<Record<string, unknown>>
  readonly options: Readonly<Record<string, string | boolean | undefined>>
}

/** Files and the options that all commands share: `--mode`, `--set path=value` (as often as wanted). */
export function readArguments(
  argv: readonly string[],
  own: NonNullable<ParseArgsConfig['options']> = {},
): FileArguments {
  const options = { mode: { type: 'string' }, set: { type: 'string', multiple: true }, ...own } as const
  const { values, positionals } = parsed({ args: [...argv], options, allowPositionals: true, strict: true })
  const { mode = 'cluster', set, ...rest } = values as Record<string, unknown>
  if (mode !== 'local' && mode !== 'cluster') throw new UsageProblem('--mode is local or cluster')
  const overrides = Object.fromEntries(((set as string[] | undefined) ?? []).map(readSet))
  return { words: positionals, mode, overrides, options: rest as FileArguments['options'] }
}

function parsed(config: ParseArgsConfig) {
  try {
    return parseArgs(config)
  } catch (error) {
    throw new UsageProblem((error as Error).message.split('. ')[0] ?? 'the options are not understood')
  }
}

/** `hub.baseUrl=/lab`; the value is read as YAML reads a plain one. */
function readSet(written: string): [string, unknown] {
  const [, path, value] = /^([^=]+)=(.*)$/s.exec(written) ?? []
  if (path === undefined || value === undefined) throw new UsageProblem('--set takes path=value')
  return [path, resolvePlain(value)]
}
