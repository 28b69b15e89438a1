/** `himalia config …` */
import { check, checkHelp } from './check.ts'
import { diff, diffHelp } from './diff.ts'
import { explain, explainHelp } from './explain.ts'
import { exit, type Io, UsageProblem } from './io.ts'
import { show, showHelp } from './show.ts'
import { types, typesHelp } from './types.ts'
import { upgrade, upgradeHelp } from './upgrade.ts'

interface Command {
  readonly run: (argv: readonly string[], io: Io) => Promise<number>
  readonly help: string
  readonly summary: string
}

const commands: Readonly<Record<string, Command>> = {
  check: { run: check, help: checkHelp, summary: 'say what is wrong with a configuration' },
  show: { run: show, help: showHelp, summary: 'print the merged values with their origins' },
  explain: { run: explain, help: explainHelp, summary: 'say what a key means' },
  upgrade: { run: upgrade, help: upgradeHelp, summary: "rewrite a file in today's words" },
  types: { run: types, help: typesHelp, summary: 'print the types for code of your own' },
  diff: { run: diff, help: diffHelp, summary: 'say what a change would mean' },
}

/** Runs one of the commands; never throws for what was typed or what stands in a file. Returns the exit code. */
export async function configCommand(argv: readonly string[], io: Io): Promise<number> {
  const [name = '--help', ...rest] = argv
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (name === '--help' || name === '-h') {
    io.out(overview())
    return exit.fine
  }
  if (!command) {
    io.err(`himalia config: there is no command "${name}".\n${overview()}`)
    return exit.usage
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    io.out(command.help)
    return exit.fine
  }
  return run(name, command, { rest, io })
}

async function run(name: string, command: Command, { rest, io }: { rest: readonly string[]; io: Io }): Promise<number> {
  try {
    return await command.run(rest, io)
  } catch (error) {
    const isFileProblem = typeof (error as NodeJS.ErrnoException).code === 'string' && 'path' in (error as object)
    if (!(error instanceof UsageProblem) && !isFileProblem) throw error
    io.err(`himalia config ${name}: ${(error as Error).message}\n\n${command.help}`)
    return exit.usage
  }
}

function overview(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(8)} ${summary}`)
  return `Usage: himalia config <command> [options]\n\n${lines.join('\n')}\n\nSee himalia config <command> --help.`
}

export type { Io } from './io.ts'
