import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judge } from './probe.ts'

const rows: readonly [what: string, answer: Parameters<typeof judge>, kind: string][] = [
  ['a Jupyter server of any age', [200, null, '{"version": "1.13.8"}'], 'jupyter'],
  ['a server that names its JupyterHub', [200, '5.4.1', ''], 'jupyter'],
  ['a server that asks for a sign-in', [302, '5.4.1', ''], 'plain'],
  ['some web application', [200, null, '<html>'], 'plain'],
  ['a web application without such a page', [404, null, ''], 'plain'],
  ['a Jupyter server of somebody else', [404, '5.4.1', ''], 'none'],
  ['a server that is not well yet', [503, '5.4.1', ''], 'none'],
]
for (const [what, answer, kind] of rows) {
  test(`${what} → ${kind}`, () => {
    assert.equal(judge(...answer).kind, kind)
  })
}
