import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readYaml } from './read.ts'
import { plain } from './tree.ts'

function read(text: string): unknown {
  const { root, problems } = readYaml('config.yaml', text)
  assert.deepEqual(problems, [])
  return root && plain(root)
}

/** The codes of the problems; none of them makes the reader slow or large. */
function codes(content: string | Uint8Array): string[] {
  return readYaml('config.yaml', content).problems.map(({ code }) => code)
}

describe('Merge keys', () => {
  test('give what the map itself does not have', () => {
    const text = 'base: &b {x: 1, y: 2}\nother: &o {y: 3, z: 4}\nall:\n  y: 5\n  <<: [*b, *o]\n'
    assert.deepEqual((read(text) as { all: unknown }).all, { y: 5, x: 1, z: 4 })
  })

  test('in quotes are keys like others', () => {
    assert.deepEqual(read('"<<": 1'), { '<<': 1 })
  })

  test('take nothing but maps', () => {
    assert.deepEqual(codes('a: &a 1\nb:\n  <<: *a\n'), ['YAML_MERGE'])
  })
})

describe('Limits', () => {
  test('aliases that unfold to millions of values are refused', () => {
    const rows = [...'abcdefgh'].map((name, index) => {
      const inner = index === 0 ? '[x, x, x, x, x, x, x, x, x, x]' : `[${Array(10).fill(`*${'abcdefgh'[index - 1]}`)}]`
      return `${name}: &${name} ${inner}`
    })
    assert.deepEqual(codes(rows.join('\n')), ['YAML_TOO_MANY_VALUES'])
  })

  test('an alias of what holds it is refused', () => {
    assert.deepEqual(codes('a: &a {b: *a}'), ['YAML_ALIAS_LOOP'])
  })

  test('deep nesting is refused, in brackets and by indentation', () => {
    assert.deepEqual(codes('['.repeat(100_000)), ['YAML_TOO_DEEP'])
    assert.deepEqual(codes(Array.from({ length: 200 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')), [
      'YAML_TOO_DEEP',
    ])
  })

  test('a large file is refused unread', () => {
    assert.deepEqual(codes(new Uint8Array(5 * 1024 ** 2).fill(97)), ['YAML_TOO_LARGE'])
  })

  test('what is no text is refused', () => {
    assert.deepEqual(codes(Uint8Array.of(0x89, 0x50, 0x4e, 0x47)), ['FILE_NOT_TEXT'])
    assert.deepEqual(codes(Uint8Array.of(0xff, 0xfe, 0x61, 0)), ['FILE_NOT_TEXT'])
    assert.deepEqual(codes('a: \u0000'), ['FILE_NOT_TEXT'])
  })
})

describe('Reading', () => {
  test('an empty file and one of comments hold nothing', () => {
    assert.equal(read(''), null)
    assert.equal(read('# nothing\n'), null)
  })

  test('a byte order mark and Windows line ends do no harm', () => {
    assert.deepEqual(read('\ufeffa: 1\r\nb: |\r\n  x\r\n'), { a: 1, b: 'x\n' })
  })

  test('a key called __proto__ is a key', () => {
    const value = read('__proto__: {polluted: true}') as Record<string, unknown>
    assert.deepEqual(Object.keys(value), ['__proto__'])
    assert.equal(({} as Record<string, unknown>).polluted, undefined)
  })

  test('explicit tags decide', () => {
    assert.deepEqual(read('a: !!str 5\nb: !!int "5"\nc: ! yes\nd: !!binary aGk='), { a: '5', b: 5, c: 'yes', d: 'hi' })
    assert.deepEqual(codes('a: !vault x'), ['YAML_TAG'])
  })
})
