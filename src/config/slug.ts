/** The slug of a profile's name, as KubeSpawner makes it (by python-slugify): stored options and links hold it. */
import { createRequire } from 'node:module'

/** Letters that neither fall apart into a base letter and marks, nor are written otherwise by the tables we use. */
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'ss',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'Th',
  ł: 'l',
  Ł: 'L',
  ı: 'i',
  '€': 'EUR',
  µ: 'm',
  '⁄': '/',
}
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

export function slugify(name: string): string {
  return decodeEntities(ascii(name.replaceAll("'", '-')))
    .toLowerCase()
    .replaceAll("'", '')
    .replace(/(?<=\d),(?=\d)/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
}

function decodeEntities(text: string): string {
  return text
    .replace(/&#(\d{1,7});/g, (_, code) => String.fromCodePoint(Math.min(Number(code), 0x10ffff)))
    .replace(/&#x([\da-f]{1,6});/gi, (_, code) => String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff)))
    .replace(/&(\w+);/g, (whole, entity) => entities[entity] ?? whole)
}

function ascii(text: string): string {
  const known = [...text].map((letter) => letters[letter] ?? letter).join('')
  const bare = known.normalize('NFKD').replace(/\p{M}/gu, '')
  return isAscii(bare) ? bare : transliterate(known.normalize('NFKC'))
}

/** Other scripts are rare and their tables large: they are loaded when they are met. */
function transliterate(text: string): string {
  const load = createRequire(import.meta.url)
  const { transliterate: written } = load('transliteration') as { transliterate: (text: string) => string }
  return written(text)
}

const isAscii = (text: string) => /^\p{ASCII}*$/u.test(text)
