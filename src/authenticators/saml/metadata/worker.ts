/** The thread that reads metadata, so that the hub goes on serving. One request, one answer. */
import { parentPort, workerData } from 'node:worker_threads'
import { HimaliaError, messageOf } from '#base/errors.ts'
import { loadSource } from './load.ts'

export interface WorkerFailure {
  readonly kind: 'failed'
  readonly error: { code: string; status: number; message: string; hint: string | null }
}

try {
  const outcome = await loadSource(workerData)
  const buffers = outcome.kind === 'loaded' ? [outcome.data.records.buffer, outcome.data.ends.buffer] : []
  parentPort!.postMessage(outcome, buffers)
} catch (error) {
  // Errors lose their class on the way from thread to thread.
  const known = error instanceof HimaliaError ? error : new HimaliaError('METADATA_FAILED', 500, messageOf(error))
  const { code, status, message, hint } = known
  parentPort!.postMessage({ kind: 'failed', error: { code, status, message, hint } } satisfies WorkerFailure)
}
