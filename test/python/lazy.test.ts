/** Python costs seconds and memory: who has none of it that has to run must not pay. */
import assert from 'node:assert/strict'
import { subscribe } from 'node:diagnostics_channel'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadConfig } from '#config'

const root = join(import.meta.dirname, '..', '..', 'src')
const importersOf = (module: string) =>
  globSync('**/*.ts', { cwd: root, exclude: ['**/*.test.ts'] }).filter((file) =>
    new RegExp(`(?:from|import)\\s*\\(?\\s*'${RegExp.escape(module)}'`).test(readFileSync(join(root, file), 'utf8')),
  )

test('only the thread of Python imports Pyodide', () => {
  assert.deepEqual(importersOf('pyodide'), ['python/interpreter.ts'])
  assert.deepEqual(importersOf('./interpreter.ts'), ['python/worker.ts'])
  assert.deepEqual(
    importersOf('./worker.ts').filter((file) => file.startsWith('python/')),
    [],
  )
})

test('a configuration whose Python only sets values starts no thread', async () => {
  let threads = 0
  subscribe('worker_threads', () => {
    threads += 1
  })

  const code = 'import os\nc.Spawner.args = ["--a"]\nif get_config("custom.big"):\n    c.Spawner.mem_limit = "8G"\n'
  const { settings, problems } = await loadConfig({ text: JSON.stringify({ hub: { extraConfig: { a: code } } }) })

  assert.deepEqual([settings?.spawner.args, settings?.hooks.python ?? null, problems, threads], [['--a'], null, [], 0])
})
