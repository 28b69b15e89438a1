/** The same configurations and people, given to oauthenticator from the package index and to ours, come to the same. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { peerCases } from './cases.ts'
import { type Decided, scriptedProvider } from './ours.ts'

const python = join(import.meta.dirname, '..', '..', '.himalia', 'python', 'oauthenticator', 'bin', 'python')

/** Meant, and safer: why, by the case's name. */
const meant: Readonly<Record<string, string>> = {
  'google: an address that nobody verified': 'who it is hangs on the address, so an unverified one is never taken',
  'auth0: an address that nobody verified': 'the same',
  'auth0: an address that nobody says is verified': 'the same',
}

let theirs: readonly Decided[] = []
let provider: Awaited<ReturnType<typeof scriptedProvider>>

before(async () => {
  if (!existsSync(python)) throw new Error(`${python} is not there: run npm test once`)
  const { stdout, stderr, status } = spawnSync(python, [join(import.meta.dirname, 'peer.py')], {
    input: JSON.stringify(peerCases),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  if (status !== 0) throw new Error(stderr)
  theirs = JSON.parse(stdout)
  provider = await scriptedProvider()
})
after(() => provider.close())

test('there are at least 200 cases, each with a name of its own', () => {
  assert.ok(peerCases.length >= 200)
  assert.equal(new Set(peerCases.map(({ name }) => name)).size, peerCases.length)
  assert.equal(theirs.length, peerCases.length)
  assert.ok(theirs.some(({ denied }) => denied === undefined))
})

for (const [at, one] of peerCases.entries()) {
  test(one.name, async () => {
    const their = outcome(theirs[at]!)
    const our = outcome(await provider.decide(one))
    if (Object.hasOwn(meant, one.name)) assert.notDeepEqual(our, their, 'it is listed as different')
    else assert.deepEqual(our, their, `theirs: ${JSON.stringify(theirs[at])}`)
  })
}

/** That somebody is turned away is the decision; with which words is not. */
function outcome({ denied, name, admin, groups }: Decided): object {
  return denied === undefined ? { name, admin, groups: groups ?? null } : { enters: false }
}
