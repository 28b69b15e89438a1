/** No key is accepted and then ignored: whatever becomes a setting is read by code outside of this room. */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { defaultSettings } from '../../src/config/index.ts'

const root = join(import.meta.dirname, '..', '..')
const code = globSync('src/**/*.ts', { cwd: root })
  .filter((file) => !file.startsWith('src/config/') && !file.endsWith('.test.ts') && !file.includes('.fixture.'))
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n')
const words = new Set(code.match(/\w+/g))

/** Half of what pods need is read by what brings them about, and that comes after what describes them. */
const isThere = (group: string) => group !== 'kubernetes' || existsSync(join(root, 'src/spawners/kubernetes/index.ts'))

for (const [group, part] of Object.entries(defaultSettings()).filter(([group]) => isThere(group))) {
  const names = typeof part === 'object' && !Array.isArray(part) && group !== 'custom' ? Object.keys(part) : [group]
  for (const name of names.filter((one) => one !== 'custom')) {
    test(`${group === name ? '' : `${group}.`}${name} is read`, () => assert.ok(words.has(name)))
  }
}
