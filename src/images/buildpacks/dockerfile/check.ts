/** Mistakes in a Dockerfile that a builder reports in a way that helps nobody, found before it starts. */
import { errors } from '../../errors.ts'

const typography: Record<string, { found: string; wanted: string }> = {
  '“': { found: 'quotation mark “', wanted: '"' },
  '”': { found: 'quotation mark ”', wanted: '"' },
  '„': { found: 'quotation mark „', wanted: '"' },
  '«': { found: 'quotation mark «', wanted: '"' },
  '»': { found: 'quotation mark »', wanted: '"' },
  '‘': { found: 'quotation mark ‘', wanted: "'" },
  '’': { found: 'quotation mark ’', wanted: "'" },
  '–': { found: 'dash –', wanted: '-' },
  '—': { found: 'dash —', wanted: '--' },
  '\u00a0': { found: 'no-break space', wanted: 'a space' },
}

const instructions = [
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
]

export function checkDockerfile(text: string, file: string): void {
  let isContinued = false
  let heredoc: string | null = null
  let hasFrom = false
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const number = index + 1
    if (heredoc !== null) {
      if (line.trim() === heredoc) heredoc = null
      continue
    }
    if (/^\s*(#.*)?$/.test(line)) continue
    refuseTypography(line, { file, number })
    if (!isContinued) {
      const word = /^\s*([A-Za-z]+)\b/.exec(line)?.[1]?.toUpperCase() ?? line.trim().split(' ')[0] ?? ''
      if (!instructions.includes(word))
        throw errors.DOCKERFILE_INVALID({ file, line: number, why: `"${word}" is no instruction` })
      if (word === 'FROM') hasFrom = true
      else if (!hasFrom && word !== 'ARG')
        throw errors.DOCKERFILE_INVALID({ file, line: number, why: `${word} stands before the first FROM` })
    }
    heredoc = /<<-?\s*["']?(\w+)["']?/.exec(line)?.[1] ?? null
    isContinued = /[\\`]\s*$/.test(line)
  }
  if (!hasFrom) throw errors.DOCKERFILE_INVALID({ file, line: 1, why: 'there is no FROM, so nothing to build on' })
}

/** Inside of plain quotes they may be meant as text; outside they never are. */
function refuseTypography(line: string, { file, number }: { file: string; number: number }): void {
  let quote: string | null = null
  for (const [column, character] of [...line].entries()) {
    if (quote === null && line.slice(column).startsWith(' #') && !/^\s*RUN/i.test(line)) return
    if (quote !== null) {
      if (character === quote) quote = null
      continue
    }
    if (character === '"' || character === "'") quote = character
    const problem = typography[character]
    if (problem) throw errors.DOCKERFILE_TYPOGRAPHY({ file, line: number, column: column + 1, ...problem })
  }
}
