import { pino } from 'pino'

/**
 * One line per thing that happened: a constant sentence plus fields, `log.warn({ server, seconds }, 'Server did not answer in time')`.
 * error = our bug; warn = an operator should look; info = something a person did; debug = the rest.
 * Never tokens, cookies or headers.
 */
export interface Log {
  debug(fields: object, sentence: string): void
  info(fields: object, sentence: string): void
  warn(fields: object, sentence: string): void
  error(fields: object, sentence: string): void
  child(fields: object): Log
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** JSON lines on `destination` (a file descriptor; default standard error). */
export function jsonLog(level: LogLevel, destination = 2): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: destination, sync: true }),
  ) as unknown as Log
}

/** A log that keeps nothing, for tests and short commands. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silentLog }
