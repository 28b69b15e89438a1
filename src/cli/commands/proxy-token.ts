/** `himalia proxy-token`: what the proxy's pod runs first, so that the proxy itself needs no account of the cluster. */
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { systemClock } from '#base/clock.ts'
import { HimaliaError } from '#base/errors.ts'
import { createKube } from '#kube'
import { type Option, optionHelp, readArguments, UsageError } from '../arguments.ts'
import { authTokenKey, keptSecrets } from '../cluster/kept-secrets.ts'

const options: readonly Option[] = [
  { name: 'given', value: 'FILE', help: 'a token that somebody gave; it may be missing' },
  { name: 'secret', value: 'NAME', help: 'the Secret that keeps one otherwise, made when it is missing' },
  { name: 'out', value: 'FILE', help: 'where the token is written for the proxy' },
]

const help = `Writes the token that hub and proxies share into a file.

Usage: himalia proxy-token --out FILE [options]

${optionHelp(options)}

Example:
  himalia proxy-token --given /run/given/token --secret hub-generated --out /run/himalia/token`

export async function proxyToken(argv: readonly string[]): Promise<number> {
  const given = readArguments(argv, options)
  if (given.help) {
    process.stdout.write(`${help}\n`)
    return 0
  }
  const { given: file, secret: name, out } = given as Readonly<Record<string, string | undefined>>
  if (!out || !name) throw new UsageError('it needs --secret and --out')
  try {
    const token = (file && (await readFile(file, 'utf8').catch(() => '')).trim()) || (await keptToken(name))
    await writeFile(out, token, { mode: 0o440 })
    await chmod(out, 0o440)
    return 0
  } catch (error) {
    if (!(error instanceof HimaliaError)) throw error
    process.stderr.write(`himalia proxy-token: ${error.message}\n${error.hint ? `${error.hint}\n` : ''}`)
    return 1
  }
}

async function keptToken(name: string): Promise<string> {
  const kube = createKube({ clock: systemClock, env: process.env, timeoutMs: 10_000 })
  try {
    return (await keptSecrets(kube, { name, keys: [authTokenKey] }))[authTokenKey] ?? ''
  } finally {
    await kube.close()
  }
}
