import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { failureInWords } from './failure-text.ts'
import { germanFailures } from './failures-de.ts'

const src = join(import.meta.dirname, '../../..')
const makers = ['spawners/*/reasons.ts', 'hub/servers/failures.ts']

test('each reason that a server can have for not running is told in German, and no other', () => {
  const sources = makers.flatMap((pattern) => globSync(pattern, { cwd: src }))
  const codes = sources.flatMap((file) => {
    const text = readFileSync(join(src, file), 'utf8')
    return [...text.matchAll(/^ {2}([A-Z_]+): ['"]|\bcode: '([A-Z_]+)'/gm)].map(([, hinted, given]) => hinted ?? given)
  })
  assert.deepEqual([...new Set(codes)].toSorted(), Object.keys(germanFailures).toSorted())
})

test('beside the German sentence stands what the spawner said', () => {
  const reason = { code: 'NO_NODE', message: 'No node has 4 GPUs.', hint: 'Wait.', logTail: ['one'] }
  const words = failureInWords('de', reason)
  assert.match(words.message, /kein Platz/)
  assert.match(words.hint ?? '', /kleinere Umgebung/)
  assert.deepEqual([words.original, words.logTail], ['No node has 4 GPUs.', ['one']])
})

test('in English, and for a code that nobody knows, it stays as it is', () => {
  const reason = { code: 'OWN', message: 'Said by a hook.', hint: null, logTail: [] }
  assert.deepEqual(failureInWords('de', reason), { ...reason, original: null })
  assert.equal(failureInWords('en', { ...reason, code: 'NO_NODE' }).message, 'Said by a hook.')
})
