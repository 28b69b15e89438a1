/** The administrator's Python runs here, in a thread of its own. It speaks as the worker of hooks in TypeScript does. */
import { parentPort, workerData } from 'node:worker_threads'
import { openInterpreter, putFiles } from './interpreter.ts'
import type { PythonData } from './messages.ts'
import { Redaction } from './redact.ts'
import { threadHttp } from './thread-http.ts'
import { parseYaml, writeYaml } from './yaml.ts'

const { code, limitBytes, interrupt, http, bell, mostHttpSeconds } = (workerData as { program: PythonData }).program
const redaction = new Redaction([code.values, code.secrets, code.traits, code.environment])
const say = (message: unknown) => parentPort?.postMessage(message)

const python = await openInterpreter(limitBytes, (line) => say({ kind: 'printed', line: redaction.text(line) }))
putFiles(python, code.files)
python.setInterruptBuffer(new Uint8Array(interrupt))
const main = python.pyimport('_himalia.main')
const { later, now } = threadHttp(http, bell, mostHttpSeconds)
main.open_world(JSON.stringify(code), later, now, parseYaml, writeYaml)
say({ kind: 'booted' })

const outcome = JSON.parse(redaction.text(main.load()))
const { hooks, authenticator } = outcome
say({ kind: 'loaded', exported: [{ url: 'python:', names: hooks, unfit: [], authenticator }], outcome })

parentPort?.on('message', (message) => {
  if (message.kind === 'ping') say({ kind: 'pong' })
  else void answer(message)
})

async function answer({ id, name, args }: { id: number; name: string; args: readonly unknown[] }): Promise<void> {
  redaction.alsoOf(args)
  const said = JSON.parse(await main.answer(JSON.stringify({ name, args })))
  if (!said.thrown) return say({ kind: 'result', id, value: said.value })
  say({ kind: 'failed', id, thrown: { ...said.thrown, message: redaction.text(said.thrown.message) } })
}
