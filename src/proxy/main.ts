import { HimaliaError, messageOf } from '#base/errors.ts'
import { jsonLog } from '#base/log.ts'
import { helpText } from './flags.ts'
import { type ProxyOptions, readOptions } from './options.ts'
import { type ProxyDeps, startProxy } from './start.ts'

/** `himalia proxy`: runs until SIGTERM or SIGINT. The exit code: 0 after a stop, 1 when it can't run, 2 for wrong flags. */
export async function proxyCommand(
  argv: readonly string[],
  deps: Pick<ProxyDeps, 'secretStore'> = {},
): Promise<number> {
  let options: ProxyOptions | null
  try {
    options = readOptions(argv, process.env)
  } catch (error) {
    return complain(error, 2)
  }
  if (options === null) {
    process.stdout.write(helpText)
    return 0
  }
  const signalled = signal()
  const log = jsonLog(options.logLevel)
  try {
    const proxy = await startProxy(options, { ...deps, log })
    // A bug met by one connection must not cut everybody's websockets.
    process.on('uncaughtException', (error) => log.error({ error: error.stack }, 'Unexpected error; the proxy goes on'))
    await signalled
    await proxy.stop()
    return 0
  } catch (error) {
    return complain(error, 1)
  }
}

/** The first signal ends the wait; a second one finds no handler and ends the process. */
function signal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      process.off('SIGTERM', stop)
      process.off('SIGINT', stop)
      resolve()
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  })
}

function complain(error: unknown, code: number): number {
  process.stderr.write(`himalia proxy: ${messageOf(error)}\n`)
  const hint = error instanceof HimaliaError ? error.hint : null
  if (hint) process.stderr.write(`${hint}\n`)
  if (code === 2) process.stderr.write('See `himalia proxy --help` for all flags.\n')
  return code
}

if (import.meta.main) process.exitCode = await proxyCommand(process.argv.slice(2))
