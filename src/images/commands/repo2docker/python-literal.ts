/** A literal of Python on one line: text, number, True, False, None, list, tuple or dictionary of them. */
export function readLiteral(text: string): unknown {
  const reader = { text, at: 0 }
  const value = readValue(reader)
  skip(reader)
  if (reader.at < text.length && text[reader.at] !== '#') throw new Error(`"${text.slice(reader.at)}" is left over`)
  return value
}

interface Reader {
  readonly text: string
  at: number
}

const words: Record<string, unknown> = { True: true, False: false, None: null }
const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r' }

function readValue(reader: Reader): unknown {
  skip(reader)
  const first = reader.text[reader.at]
  if (first === '"' || first === "'") return readString(reader, first)
  if (first === '[') return readItems(reader, ']')
  if (first === '(') return readItems(reader, ')')
  if (first === '{') return readEntries(reader)
  const [word = ''] = /^[\w.+-]+/.exec(reader.text.slice(reader.at)) ?? []
  reader.at += word.length
  if (word in words) return words[word]
  if (word === '' || Number.isNaN(Number(word))) throw new Error(`"${word}" is no literal`)
  return Number(word)
}

function readString(reader: Reader, quote: string): string {
  let value = ''
  for (reader.at += 1; reader.at < reader.text.length; reader.at += 1) {
    const character = reader.text[reader.at]!
    if (character === quote) {
      reader.at += 1
      return value
    }
    if (character !== '\\') value += character
    else {
      reader.at += 1
      const escaped = reader.text[reader.at] ?? ''
      value += escapes[escaped] ?? escaped
    }
  }
  throw new Error('a text has no end')
}

function readItems(reader: Reader, end: string): unknown[] {
  const items: unknown[] = []
  reader.at += 1
  for (skip(reader); reader.text[reader.at] !== end; skip(reader)) {
    items.push(readValue(reader))
    comma(reader, end)
  }
  reader.at += 1
  return items
}

function readEntries(reader: Reader): Record<string, unknown> {
  const entries: [string, unknown][] = []
  reader.at += 1
  for (skip(reader); reader.text[reader.at] !== '}'; skip(reader)) {
    const key = readValue(reader)
    skip(reader)
    if (reader.text[reader.at] !== ':') throw new Error('a key has no value')
    reader.at += 1
    entries.push([String(key), readValue(reader)])
    comma(reader, '}')
  }
  reader.at += 1
  return Object.fromEntries(entries)
}

function comma(reader: Reader, end: string): void {
  skip(reader)
  if (reader.text[reader.at] === ',') reader.at += 1
  else if (reader.text[reader.at] !== end) throw new Error('a comma is missing')
}

function skip(reader: Reader): void {
  while (/\s/.test(reader.text[reader.at] ?? '')) reader.at += 1
}
