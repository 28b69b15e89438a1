import type { Excerpt } from './problem.ts'
import { lineOf, type Place, positionOf } from './yaml/tree.ts'

/** A line that names something secret hides what follows. */
const secretWord =
  /^(.*?(?:secret|passw|token|credential|api_?key|private|crypt|client_id|cert\b|\bkey)[\w.-]*["']?\s*[:=]\s*)(\S.*)$/i
const longest = 160

/**
 * The line of a place, ready to be underlined. `masked` hides the values of the line: for secret keys, and for keys
 * that we don't know and so can't judge. Lines that read like a secret are masked in any case.
 */
export function excerptOf(place: Place, { masked }: { masked: boolean }): Excerpt | null {
  const { line, column } = positionOf(place.source, place.start)
  const written = lineOf(place.source, line)
  if (written.trim() === '') return null
  if (masked && isWithin(written, column)) return inside(place, written)
  const shown = masked ? maskValue(written) : written.replace(secretWord, '$1…')
  const text = shown.replaceAll('\t', ' ')
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text
  const start = Math.min(column - 1, cut.length)
  const untilEnd = Math.max(1, cut.length - start)
  const length = Math.max(1, Math.min(place.end - place.start, untilEnd))
  return {
    text: cut,
    start,
    length: place.source.text.slice(place.start, place.end).includes('\n') ? untilEnd : length,
  }
}

/** Whether a place is neither the first key of its line nor that key's value. */
function isWithin(line: string, column: number): boolean {
  return /[{[,]/.test(line.slice(0, column - 1))
}

/** A key in the middle of a line: nothing else of the line is shown. */
function inside({ source, start, end }: Place, line: string): Excerpt {
  const indent = line.length - line.trimStart().length
  const word = /^[\w.-]+(?=\s*:)/.exec(source.text.slice(start, end + 1))?.[0] ?? '…'
  return {
    text: `${line.slice(0, indent)}… ${word}${word === '…' ? '' : ': …'}`,
    start: indent + 2,
    length: word.length,
  }
}

function maskValue(line: string): string {
  const [, target] = /^(\s*c[.[][^=]*=)/.exec(line) ?? []
  if (target) return `${target} …`
  const [, key, value] = /^(\s*(?:- )*(?:"[^"]*"|'[^']*'|[^\s:#][^:#]*?)\s*:)(\s+\S.*)$/.exec(line) ?? []
  if (key !== undefined && value !== undefined) return /^\s+[|>&*#]/.test(value) ? line : `${key} …`
  return /:\s*$/.test(line) ? line : line.replace(/^(\s*(?:- )*).*$/, '$1…')
}
