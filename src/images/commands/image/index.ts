/** `himalia image check IMAGE`. */
import { checkImage } from '../../check/check.ts'
import { pickEngine } from '../../engines/registry.ts'
import { errors } from '../../errors.ts'
import { quietLog } from '../../log.ts'
import { isHimaliaError, writer } from '../output.ts'
import type { Terminal } from '../terminal.ts'

const help = `Says whether an image will work as a user's server, and why not.

Usage: himalia image check [--engine NAME] [--json] IMAGE

  --engine NAME  docker, podman or buildah (default: the first that works); the image has to be there
  --json         the findings as JSON

Examples:
  himalia image check quay.io/jupyter/minimal-notebook:latest
  himalia image check --engine=buildah localhost/course

Exit codes: 0 it will work, 1 it will not, 2 the command line is wrong.
`

export async function imageCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { fail } = writer(terminal.err, false)
  try {
    const [word, ...rest] = argv
    if (word === undefined || ['--help', '-h'].some((flag) => argv.includes(flag))) {
      terminal.out(help)
      return 0
    }
    if (word !== 'check')
      throw errors.FLAG_INVALID({ flag: `himalia image ${word}`, why: 'is no command; there is `himalia image check`' })
    const { image, engine: name, isJson } = readArguments(rest)
    const engine = await pickEngine(name, terminal.signal)
    const findings = await checkImage(image, { engine, signal: terminal.signal, log: quietLog })
    terminal.out(isJson ? `${JSON.stringify(findings, null, 2)}\n` : report(findings))
    return findings.some(({ verdict }) => verdict === 'fails') ? 1 : 0
  } catch (error) {
    fail(error)
    return isHimaliaError(error) && error.code.startsWith('FLAG_') ? 2 : 1
  }
}

function readArguments(words: readonly string[]): { image: string; engine: string | null; isJson: boolean } {
  const queue = [...words]
  let engine: string | null = null
  let isJson = false
  const images: string[] = []
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === '--json') isJson = true
    else if (word === '--engine') engine = queue.shift() ?? null
    else if (word.startsWith('--engine=')) engine = word.slice('--engine='.length)
    else if (word.startsWith('-'))
      throw errors.FLAG_INVALID({ flag: word, why: 'is no option of `himalia image check`' })
    else images.push(word)
  }
  const [image] = images
  if (!image || images.length > 1) throw errors.FLAG_INVALID({ flag: 'himalia image check', why: 'takes one image' })
  return { image, engine, isJson }
}

const marks = { holds: 'ok   ', warns: 'note ', fails: 'FAILS' }

function report(findings: Awaited<ReturnType<typeof checkImage>>): string {
  const lines = findings.flatMap(({ verdict, sentence, hint }) => [
    `${marks[verdict]} ${sentence}`,
    ...(hint && verdict !== 'holds' ? [`      ${hint}`] : []),
  ])
  const isFine = findings.every(({ verdict }) => verdict !== 'fails')
  return `${lines.join('\n')}\n\n${isFine ? "It will work as a user's server." : "It will not work as a user's server."}\n`
}
