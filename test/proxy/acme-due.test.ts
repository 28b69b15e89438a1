import assert from 'node:assert/strict'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { isDue, pauseAfter } from '../../src/proxy/tls/acme/due.ts'
import { makeCertificate } from '../harness/certificate.ts'

const day = 86_400_000

test('a certificate is due when it is missing, and when a third of its life is left', async () => {
  const { cert } = await makeCertificate(await mkdtemp(join(tmpdir(), 'himalia-')), 'one')
  const text = await readFile(cert, 'utf8')

  assert.equal(isDue(undefined, Date.now()), true)
  assert.equal(isDue(text, Date.now() + 19 * day), false)
  assert.equal(isDue(text, Date.now() + 21 * day), true)
})

test('the pause grows from a minute to an hour', () => {
  assert.deepEqual([1, 2, 3, 7, 50].map(pauseAfter), [60_000, 120_000, 240_000, 3_600_000, 3_600_000])
})
