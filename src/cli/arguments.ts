import { type ParseArgsConfig, parseArgs } from 'node:util'

/** The command line can't be understood: exit code 2 and a pointer to `--help`. */
export class UsageError extends Error {}

/** One option of a command, as `--help` shows it. */
export interface Option {
  readonly name: string
  /** The word for its value in `--help`; absent for a switch. */
  readonly value?: string
  readonly help: string
  readonly multiple?: boolean
}

export type Arguments = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>

/** Reads POSIX long options; anything unknown or left over is a `UsageError`. */
export function readArguments(argv: readonly string[], options: readonly Option[]): Arguments {
  const { words, ...given } = readWords(argv, options)
  if (words.length > 0) throw new UsageError(`"${words[0]}" is not expected here`)
  return given
}

/** The same for a command that takes words beside its options. */
export function readWords(
  argv: readonly string[],
  options: readonly Option[],
): Arguments & { readonly words: readonly string[] } {
  const known: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean', short: 'h' } }
  for (const option of options) {
    known[option.name] = { type: option.value ? 'string' : 'boolean', multiple: option.multiple ?? false }
  }
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options: known, strict: true, allowPositionals: true })
    return { ...values, words: positionals }
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0] ?? 'the options are not understood')
  }
}

export function optionHelp(options: readonly Option[]): string {
  const left = options.map((option) => `--${option.name}${option.value ? ` ${option.value}` : ''}`)
  const width = Math.max(...left.map((text) => text.length))
  return options.map((option, index) => `  ${left[index]?.padEnd(width)}  ${option.help}`).join('\n')
}

/** A TCP port from an option; 0 is allowed and means "any free one". */
export function readPort(text: string, option: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65535)
    throw new UsageError(`--${option} takes a port from 0 to 65535, not "${text}"`)
  return port
}
