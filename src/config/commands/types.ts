import { readFile } from 'node:fs/promises'
import { exit, type Io, UsageProblem } from './io.ts'

export const typesHelp = `Usage: himalia config types > hooks.d.ts

Prints the types of what code of your own may export, for an editor.
Exit codes: 0 done, 2 the command line is wrong.`

export async function types(argv: readonly string[], io: Io): Promise<number> {
  if (argv.length > 0) throw new UsageProblem('it takes no arguments')
  io.out((await readFile(new URL('../../../types/hooks.d.ts', import.meta.url), 'utf8')).trimEnd())
  return exit.fine
}
