/** `himalia config …`: the configuration room's own command, on this terminal. */
import { configCommand } from '#config'

export function config(argv: readonly string[]): Promise<number> {
  const color = (process.stdout.isTTY ?? false) && !process.env.NO_COLOR
  return configCommand(argv, {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    color,
  })
}
