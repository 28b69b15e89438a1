/** The walls between the rooms, as `tools/rooms.ts` draws them. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { test } from 'node:test'
import { rooms } from '../rooms.ts'

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
    }
  })
}
