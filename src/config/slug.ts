/** The slug of a profile's name, as KubeSpawner makes it: stored options and links hold it. */

/** Letters that do not fall apart into a base letter and marks. */
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
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
  '°': 'deg',
  µ: 'u',
  '×': 'x',
  '÷': '/',
  '…': '...',
  '–': '-',
  '—': '--',
  '™': 'tm',
  '©': '(c)',
  '®': '(r)',
}
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

export function slugify(name: string): string {
  return ascii(decodeEntities(name.replaceAll("'", '-')))
    .toLowerCase()
    .replace(/['’‘]/g, '')
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
  const bare = text.normalize('NFKD').replace(/\p{M}/gu, '')
  return [...bare].map((letter) => letters[letter] ?? letter).join('')
}
