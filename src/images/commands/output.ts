/** Logs of a build: as they come for people, one JSON object a line for programs. */
import { HimaliaError, messageOf } from '#base/errors.ts'
import type { BuildLog } from '../log.ts'

export interface Writer {
  readonly log: BuildLog
  readonly fail: (error: unknown) => void
}

export function writer(err: (text: string) => void, isJson: boolean): Writer {
  const json = (fields: object) => err(`${JSON.stringify(fields)}\n`)
  return {
    log: (message, phase) => (isJson ? json({ message, ...(phase && { phase }) }) : err(message)),
    fail(error) {
      const sentence = sentenceOf(error)
      if (isJson) json({ message: `Error during build: ${sentence}`, exc_info: detailOf(error), phase: 'failed' })
      else err(`\n${sentence}\n`)
    },
  }
}

export function isHimaliaError(error: unknown): error is HimaliaError {
  return error instanceof HimaliaError
}

function sentenceOf(error: unknown): string {
  if (!isHimaliaError(error)) return `Himalia itself failed: ${messageOf(error)}`
  return error.hint ? `${error.message}\n${error.hint}` : error.message
}

/** Of a known failure its code says more than where our code was. */
function detailOf(error: unknown): string {
  if (isHimaliaError(error)) return error.code
  return Error.isError(error) ? (error.stack ?? error.message) : String(error)
}
