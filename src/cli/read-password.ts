import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { UsageError } from './arguments.ts'

/** A new password: asked for twice at a terminal, without showing it; else the first line of the standard input. */
export async function readPassword(name: string): Promise<string> {
  if (!process.stdin.isTTY) return firstLine()
  const password = await ask(`New password of ${name}: `)
  if (password !== (await ask('The same again: '))) throw new UsageError('the two passwords are not the same')
  return password
}

async function firstLine(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) return line
  throw new UsageError('no password came on the standard input')
}

async function ask(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  // First, since it also takes the echo from the terminal.
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  process.stderr.write(question)
  const interrupted = new AbortController()
  terminal.once('SIGINT', () => interrupted.abort())
  try {
    return await terminal.question('', { signal: interrupted.signal })
  } catch {
    throw new UsageError('nothing was changed')
  } finally {
    terminal.close()
    process.stderr.write('\n')
  }
}
