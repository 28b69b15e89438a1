/**
 * The `himalia` command: the only place where everything meets. Each command is loaded when it is called, so that
 * `--help` and the proxy start without the hub.
 */
import { version } from '#base/version.ts'
import { UsageError } from './arguments.ts'
import { commands, findCommand } from './commands.ts'

export async function main(argv: readonly string[]): Promise<number> {
  const [word = 'help', ...rest] = argv
  if (word === '--version' || word === '-V') return print(`himalia ${version}`)
  if (['help', '--help', '-h'].includes(word)) return print(overview())
  const command = findCommand(word)
  if (!command) return refuse(`himalia: there is no command "${word}".`, 'See `himalia --help` for the commands.')
  try {
    return await (await command.load())(rest)
  } catch (error) {
    if (error instanceof UsageError)
      return refuse(`himalia ${command.name}: ${error.message}`, `See \`himalia ${command.name} --help\`.`)
    throw error
  }
}

function overview(): string {
  const width = Math.max(...commands.map((command) => command.name.length))
  const lines = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`)
  return `Himalia gives a class, a lab or a university its Jupyter.

Usage: himalia <command> [options]

${lines.join('\n')}

Examples:
  himalia start                                  a hub on this machine, for you
  himalia start --config config.yaml --port 80   a hub with your settings
  himalia start --help                           every option of a command`
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

function refuse(problem: string, hint: string): number {
  process.stderr.write(`${problem}\n${hint}\n`)
  return 2
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))
