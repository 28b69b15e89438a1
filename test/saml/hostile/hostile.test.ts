import assert from 'node:assert/strict'
import { test } from 'node:test'
import { denialIn, samlWorld } from '../world.ts'
import { claims } from './claims.ts'
import { documents } from './documents.ts'
import type { Hostile } from './hostile.ts'
import { signatures } from './signatures.ts'
import { wrapping } from './wrapping.ts'

const all: Readonly<Record<string, readonly Hostile[]>> = { wrapping, signatures, documents, claims }

test('there are at least 150 hostile answers, each told apart by its name', () => {
  const names = Object.values(all).flatMap((rows) => rows.map(({ name }) => name))
  assert.ok(names.length >= 150, `${names.length}`)
  assert.equal(new Set(names).size, names.length)
})

for (const [subject, rows] of Object.entries(all)) {
  for (const { name, code, make } of rows) {
    test(`${subject}: ${name}: nobody comes in, and the log says ${code}`, async () => {
      const world = await samlWorld()
      const request = await world.ask()
      const denial = denialIn(await world.answer(make(request, await world.ask())))
      assert.equal(denial.code, code, denial.log ?? '')
      assert.ok(denial.log, 'the administrator is told why')
      assert.match(denial.message, /^[A-Z].*\.$/)
    })
  }
}
