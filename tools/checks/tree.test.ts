/** Habits of the whole tree that a review would otherwise have to repeat. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..', '..')
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)))
const read = (file: string) => readFileSync(join(root, file), 'utf8')

/** Tables may be as long as their rows. */
const tables = [/^src\/config\/(schema|traits)\//, /^src\/hub\/pages\/texts\//]
const mostLines = 400

test('no source file is longer than 400 lines, tables apart', () => {
  const long = tracked
    .filter((file) => /^(src|web|tools)\/.*\.(ts|js)$/.test(file) && !file.endsWith('.test.ts'))
    .filter((file) => !tables.some((table) => table.test(file)))
    .filter((file) => read(file).split('\n').length > mostLines)
  assert.deepEqual(long, [])
})

test('no file names a path of the machine that it was written on', () => {
  const homes = /\/(home|Users)\/[a-z]+\/|\/root\/\./
  const naming = tracked
    .filter((file) => /\.(ts|js|md|html|css|yaml|json)$/.test(file) && !file.endsWith('package-lock.json'))
    .filter((file) => homes.test(read(file)))
  assert.deepEqual(
    naming.filter((file) => !file.startsWith('tools/checks/')),
    [],
  )
})

test('no source file imports more than types from node:http; #base/node-http.ts has it for 16 MB less', () => {
  const values = tracked
    .filter((file) => file.startsWith('src/') && file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((file) => /^import (?!type\b)[^\n]*?from 'node:http'/m.test(read(file).replaceAll(/\n(?!import)/g, ' ')))
  assert.deepEqual(values, [])
})

test('every link of the documentation leads to a file', () => {
  const broken = tracked
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, link = '']) => ({ file, link })),
    )
    .filter(({ file, link }) => !existsSync(join(root, dirname(file), link)))
  assert.deepEqual(broken, [])
})

test('every dependency is used', () => {
  const manifest = JSON.parse(read('package.json')) as { dependencies: object; devDependencies: object }
  const source = tracked
    .filter((file) => /\.(ts|js|html|json)$/.test(file) && !file.startsWith('package'))
    .map(read)
    .join('\n')
  const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
    (name) => !name.startsWith('@types/'),
  )
  assert.deepEqual(
    names.filter((name) => ![name, ...commandsOf(name)].some((word) => source.includes(`'${word}`))),
    [],
  )
})

/** A tool is used by the name of its command: `tsc` is TypeScript. */
function commandsOf(name: string): readonly string[] {
  const { bin = {} } = JSON.parse(read(`node_modules/${name}/package.json`)) as { bin?: string | object }
  return typeof bin === 'string' ? [name] : Object.keys(bin)
}
