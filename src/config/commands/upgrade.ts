import { readFile, writeFile } from 'node:fs/promises'
import { formatProblems } from '../format-problems.ts'
import { loadConfig } from '../load.ts'
import { upgradeText } from '../upgrade.ts'
import { readYaml } from '../yaml/read.ts'
import { readArguments } from './arguments.ts'
import { exit, type Io, UsageProblem } from './io.ts'

export const upgradeHelp = `Usage: himalia config upgrade FILE [--in-place]

Prints the file with old keys in their new form, comments kept; what changed is said on standard error.
With --in-place the file itself is rewritten.
Exit codes: 0 done, 1 the file can't be read, 2 the command line is wrong.`

export async function upgrade(argv: readonly string[], io: Io): Promise<number> {
  const { words, options } = readArguments(argv, { 'in-place': { type: 'boolean' } })
  const [file, ...more] = words
  if (!file || more.length > 0) throw new UsageProblem('name one file')
  const content = await readFile(file)
  const { problems } = readYaml(file, content)
  if (problems.length > 0) {
    io.err(formatProblems(problems, { color: io.color }))
    return exit.errors
  }
  const { text, changes } = upgradeText(content.toString('utf8'))
  io.err(changes.length === 0 ? 'Nothing to change.' : changes.join('\n'))
  const { problems: findings } = await loadConfig({ text: content.toString(), textName: file, mode: 'cluster' })
  const changed = findings.filter(({ code }) => code === 'NO_ALLOW_RULE')
  if (changes.length > 0 && changed.length > 0) io.err(formatProblems(changed, { color: io.color }))
  if (options['in-place'] === true) await writeFile(file, text)
  else io.out(text.trimEnd())
  return exit.fine
}
