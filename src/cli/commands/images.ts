/** `himalia build`, `himalia image` and `himalia repo2docker`: the images room's own commands, on this terminal. */
import { version } from '#base/version.ts'
import type { Terminal } from '#images'

type Body = (argv: readonly string[], terminal: Terminal) => Promise<number>

/** Ctrl-C cancels once, with all that the command started; the second time the process ends as it is. */
export function onTerminal(load: () => Promise<Body>): (argv: readonly string[]) => Promise<number> {
  return async (argv) => {
    const { cancelled } = await import('#images')
    const controller = new AbortController()
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort(cancelled()))
    return (await load())(argv, {
      out: (text) => void process.stdout.write(text),
      err: (text) => void process.stderr.write(text),
      env: process.env,
      signal: controller.signal,
      version,
    })
  }
}
