/** What is made from the schema is up to date. `HIMALIA_UPDATE=1` writes it. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { version } from '../../src/base/version.ts'
import { defaultSettings, loadConfig } from '../../src/config/index.ts'
import { valuesSchema } from '../../src/config/reference/json-schema.ts'
import { referencePage } from '../../src/config/reference/page.ts'
import { valuesYaml } from '../../src/config/reference/values-yaml.ts'

const root = join(import.meta.dirname, '..', '..')
const page = 'docs/reference/config.md'
const schema = 'chart/values.schema.json'
const yaml = 'chart/values.yaml'
const manifest = 'chart/Chart.yaml'
const types = 'types/hooks.d.ts'

describe('Generated files are up to date', () => {
  test(page, () => {
    write(page, referencePage())
    assert.equal(read(page), referencePage())
  })

  test(yaml, () => {
    write(yaml, valuesYaml())
    assert.equal(read(yaml), valuesYaml())
  })

  test(manifest, () => {
    const text = read(manifest).replaceAll(/^(version|appVersion): .*$/gm, `$1: ${version}`)
    write(manifest, text)
    assert.equal(read(manifest), text)
  })

  test(types, () => {
    const text = `// Generated from src/hooks/contract.ts.\n${read('src/hooks/contract.ts')}`
    write(types, text)
    assert.equal(read(types), text)
  })

  test(schema, () => {
    write(schema, `${JSON.stringify(valuesSchema(), null, 2)}\n`)
    assert.deepEqual(JSON.parse(read(schema)), JSON.parse(JSON.stringify(valuesSchema())))
  })
})

test('the values.yaml of the chart means what an empty file means', async () => {
  const { settings, problems } = await loadConfig({ text: valuesYaml(), mode: 'cluster' })
  assert.deepEqual(problems, [])
  assert.deepEqual(settings, defaultSettings('cluster'))
})

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

function write(file: string, text: string): void {
  if (!process.env.HIMALIA_UPDATE) return
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}
