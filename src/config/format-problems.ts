import type { Excerpt, Problem } from './problem.ts'

const paint = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[39m`
const colours: Readonly<Record<Problem['severity'], (text: string) => string>> = {
  error: paint(31),
  warning: paint(33),
  notice: paint(36),
}

/** Problems as a compiler prints them: file:line:column, sentence, the line with a caret, and what to do. */
export function formatProblems(problems: readonly Problem[], { color = false }: { color?: boolean } = {}): string {
  return problems
    .map((problem) => formatProblem(problem, color ? colours[problem.severity] : (text) => text))
    .join('\n\n')
}

function formatProblem(problem: Problem, paintIt: (text: string) => string): string {
  const { file, line, column, severity, message, excerpt, hint } = problem
  const place = [file, ...(line > 0 ? [line, column] : [])].filter((part) => part !== '').join(':')
  const lines = [`${place ? `${place}: ` : ''}${paintIt(`${severity}:`)} ${message}`]
  if (excerpt) lines.push(...formatExcerpt(excerpt, line, paintIt))
  if (hint) lines.push(`  ${hint}`)
  return lines.join('\n')
}

function formatExcerpt({ text, start, length }: Excerpt, line: number, paintIt: (text: string) => string): string[] {
  const number = String(line).padStart(5)
  return [`${number} | ${text}`, `${' '.repeat(number.length)} | ${' '.repeat(start)}${paintIt('^'.repeat(length))}`]
}
