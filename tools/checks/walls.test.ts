/** The walls between the rooms, as `tools/rooms.ts` draws them. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { test } from 'node:test'
import { packages, rooms } from '../rooms.ts'

const root = join(import.meta.dirname, '..', '..')
const imported = /\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g

test('every room has its row', () => {
  const folders = globSync('src/*/index.ts', { cwd: root }).map((file) => file.split(sep)[1])
  assert.deepEqual(
    folders.filter((room) => room && !(room in rooms)),
    [],
  )
})

for (const file of globSync('src/**/*.ts', { cwd: root })) {
  test(`${file} imports only what its room may`, () => {
    const [, room = '', ...path] = file.split(sep)
    for (const [, target = ''] of readFileSync(join(root, file), 'utf8').matchAll(imported)) {
      if (target.startsWith('#')) {
        const [other = ''] = target.slice(1).split('/')
        assert.ok(rooms[room]?.includes(other), `${room} may not import ${target}`)
      }
      assert.ok(!target.startsWith('../'.repeat(path.length)), `${target} leaves the room; use #<room>`)
      const foreign = packageOf(target)
      const isAllowed = foreign === null || packages[room]?.includes(foreign)
      assert.ok(isAllowed, `${room} may not import ${foreign}; ask the room that has it, or give it a row in rooms.ts`)
    }
  })
}

const packageName = /^((?:@[a-z0-9-]+\/)?[a-z0-9][a-z0-9._-]*)(?:\/[\w./-]+)?$/

/** `typebox` of `typebox/compile`; null for a file, a room, what Node brings, and text that only looks like an import. */
function packageOf(target: string): string | null {
  return target.startsWith('node:') ? null : (packageName.exec(target)?.[1] ?? null)
}

test('a package has one room', () => {
  const all = Object.values(packages).flat()
  assert.deepEqual(
    all.filter((name, index) => all.indexOf(name) !== index),
    [],
  )
})

test('the face of each room is its index.ts, and nothing else of it can be imported', () => {
  const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { imports: object }
  const faces = Object.entries(imports).filter(([name]) => name !== '#base/*')
  for (const [name, file] of faces) assert.equal(file, `./src/${name.slice(1)}/index.ts`)
})

for (const registry of globSync('src/*/registry.ts', { cwd: root })) {
  test(`${registry} has a line for each folder beside it`, () => {
    const room = dirname(registry)
    const folders = globSync(`${room}/*/index.ts`, { cwd: root }).map((file) => basename(dirname(file)))
    const lines = [...readFileSync(join(root, registry), 'utf8').matchAll(/import\('\.\/([^/]+)\/index\.ts'\)/g)]
    assert.deepEqual(lines.map(([, folder]) => folder).sort(), folders.sort())
  })
}
