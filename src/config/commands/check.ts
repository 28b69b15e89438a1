import { formatProblems } from '../format-problems.ts'
import { loadConfig } from '../load.ts'
import { hasErrors, type Problem } from '../problem.ts'
import { readArguments } from './arguments.ts'
import { exit, type Io, UsageProblem } from './io.ts'

export const checkHelp = `Usage: himalia config check FILE... [--mode local|cluster] [--set path=value] [--format text|json|github|sarif]

Reads and merges the files and says what is wrong with them.
Exit codes: 0 no errors, 1 errors, 2 the command line is wrong.`

const formats: Readonly<Record<string, (problems: readonly Problem[], color: boolean) => string>> = {
  text: (problems, color) => asText(problems, color),
  json: (problems) => JSON.stringify(problems, null, 2),
  github: (problems) => problems.map(asGithub).join('\n'),
  sarif: (problems) => JSON.stringify(asSarif(problems), null, 2),
}

export async function check(argv: readonly string[], io: Io): Promise<number> {
  const { words: files, mode, overrides, options } = readArguments(argv, { format: { type: 'string' } })
  if (files.length === 0) throw new UsageProblem('name at least one file')
  const format = formats[String(options.format ?? 'text')]
  if (!format) throw new UsageProblem('--format is text, json, github or sarif')
  const { problems } = await loadConfig({ files, mode, overrides })
  io.out(format(problems, io.color))
  return hasErrors(problems) ? exit.errors : exit.fine
}

function asText(problems: readonly Problem[], color: boolean): string {
  const counts = (['error', 'warning', 'notice'] as const).flatMap((severity) => {
    const count = problems.filter((problem) => problem.severity === severity).length
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`]
  })
  if (counts.length === 0) return 'Nothing to complain about.'
  return `${formatProblems(problems, { color })}\n\n${counts.join(', ')}`
}

function asGithub({ severity, file, line, column, message, hint }: Problem): string {
  const text = [message, ...(hint ? [hint] : [])].join(' ').replaceAll('%', '%25').replaceAll('\n', '%0A')
  return `::${severity} file=${file},line=${line},col=${column}::${text}`
}

const levels = { error: 'error', warning: 'warning', notice: 'note' } as const

function asSarif(problems: readonly Problem[]) {
  const results = problems.map(({ severity, code, file, line, column, message, hint }) => ({
    ruleId: code,
    level: levels[severity],
    message: { text: hint ? `${message} ${hint}` : message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: file },
          region: { startLine: Math.max(1, line), startColumn: Math.max(1, column) },
        },
      },
    ],
  }))
  const rules = [...new Set(problems.map(({ code }) => code))].map((id) => ({ id }))
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'himalia config check', rules } }, results }],
  }
}
