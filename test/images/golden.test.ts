/**
 * The plan of each fixture: what it adds to that of an empty repository. `HIMALIA_UPDATE=1` rewrites the files; what of
 * a step is common to all is tested by building.
 */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fixtures } from './fixtures.ts'
import { temporaryFolder, writeFiles } from './folders.ts'
import { described, planOf } from './plans.ts'

const golden = join(import.meta.dirname, 'golden')
const fileOf = (name: string) => join(golden, `${name.replaceAll('/', ' ')}.txt`)
const top = temporaryFolder()
const plain = await planOf(mkdtempSync(join(top, 'plain-')))

for (const { name, files, error } of fixtures) {
  test(`${name} is planned as repo2docker builds it`, async () => {
    const folder = writeFiles(mkdtempSync(join(top, 'repository-')), files)
    if (error) return assert.rejects(async () => planOf(folder), { code: error })

    const actual = described(await planOf(folder), plain)

    mkdirSync(golden, { recursive: true })
    if (process.env.HIMALIA_UPDATE) writeFileSync(fileOf(name), actual)
    else assert.equal(actual, readFileSync(fileOf(name), 'utf8'))
  })
}

test('no file is left of a fixture that is gone', () => {
  const known = fixtures.map(({ name }) => fileOf(name))
  assert.deepEqual(
    readdirSync(golden).filter((file) => !known.includes(join(golden, file))),
    [],
  )
})
