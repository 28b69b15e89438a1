import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { expandScopes, type Owner, reduceScopes } from './expand.ts'
import { scopeTable } from './scope-table.ts'

const ada: Owner = { kind: 'user', name: 'ada' }
const culler: Owner = { kind: 'service', name: 'culler' }

const expanded = (scopes: string[], owner: Owner = ada) => [...expandScopes(scopes, owner)].sort()

/** Everything a scope brings with it, itself included, written out so that the table is checked against it. */
const contained: Readonly<Record<string, string>> = {
  '(no_scope)': '',
  inherit: '',
  'admin-ui': 'admin-ui',
  'admin:users': `admin:users admin:auth_state users read:users read:users:name read:users:groups read:users:activity
    list:users users:activity read:roles:users delete:users`,
  'admin:auth_state': 'admin:auth_state',
  users: 'users read:users read:users:name read:users:groups read:users:activity list:users users:activity',
  'delete:users': 'delete:users',
  'list:users': 'list:users read:users:name',
  'read:users': 'read:users read:users:name read:users:groups read:users:activity',
  'read:users:name': 'read:users:name',
  'read:users:groups': 'read:users:groups',
  'read:users:activity': 'read:users:activity',
  'users:activity': 'users:activity read:users:activity',
  'read:roles': 'read:roles read:roles:users read:roles:services read:roles:groups',
  'read:roles:users': 'read:roles:users',
  'read:roles:services': 'read:roles:services',
  'read:roles:groups': 'read:roles:groups',
  'admin:servers': `admin:servers admin:server_state servers read:servers read:users:name delete:servers
    start:servers`,
  'admin:server_state': 'admin:server_state',
  servers: 'servers read:servers read:users:name delete:servers start:servers',
  'read:servers': 'read:servers read:users:name',
  'start:servers': 'start:servers',
  'delete:servers': 'delete:servers',
  tokens: 'tokens read:tokens',
  'read:tokens': 'read:tokens',
  'admin:groups': `admin:groups groups read:groups list:groups read:groups:name read:roles:groups delete:groups`,
  groups: 'groups read:groups list:groups read:groups:name',
  'list:groups': 'list:groups read:groups:name',
  'read:groups': 'read:groups read:groups:name',
  'read:groups:name': 'read:groups:name',
  'delete:groups': 'delete:groups',
  'admin:services': 'admin:services list:services read:services read:services:name read:roles:services',
  'list:services': 'list:services read:services:name',
  'read:services': 'read:services read:services:name',
  'read:services:name': 'read:services:name',
  'read:hub': 'read:hub',
  'access:servers': 'access:servers',
  'access:services': 'access:services',
  shares: `shares access:servers read:shares users:shares read:users:shares groups:shares read:groups:shares`,
  'read:shares': 'read:shares',
  'users:shares': 'users:shares read:users:shares',
  'read:users:shares': 'read:users:shares',
  'groups:shares': 'groups:shares read:groups:shares',
  'read:groups:shares': 'read:groups:shares',
  proxy: 'proxy',
  shutdown: 'shutdown',
  'read:metrics': 'read:metrics',
}

const words = (text: string) => text.split(/\s+/).filter((word) => word !== '')

describe('what each scope contains', () => {
  for (const [scope, all] of Object.entries(contained)) {
    test(`${scope} contains what JupyterHub has it contain`, () => {
      assert.deepEqual(expanded([scope]), words(all).sort())
    })

    test(`${scope} carries a filter to all it contains`, () => {
      const filtered = words(all).map((base) => `${base}!user=bob`)
      assert.deepEqual(expanded([`${scope}!user=bob`]), filtered.sort())
    })
  }

  test('no scope is left out of this list', () => {
    assert.deepEqual(Object.keys(scopeTable).sort(), [...Object.keys(contained), 'self'].sort())
  })

  test('every scope has a description, and contains only scopes that exist', () => {
    for (const entry of Object.values(scopeTable) as { description: string; contains?: readonly string[] }[]) {
      assert.match(entry.description, /^[A-Z].*\.$/)
      for (const other of entry.contains ?? []) assert.ok(other in scopeTable, other)
    }
  })
})

describe('filters', () => {
  test('a server filter does not reach what is about the user', () => {
    assert.deepEqual(expanded(['servers!server=ada/lab']), [
      'delete:servers!server=ada/lab',
      'read:servers!server=ada/lab',
      'servers!server=ada/lab',
      'start:servers!server=ada/lab',
    ])
  })

  test('self is the same scopes for each user, filtered to that user', () => {
    const all = `read:users users:shares read:shares users:activity servers tokens access:servers`
    const bases = new Set(words(all).flatMap((base) => words(contained[base]!)))
    assert.deepEqual(expanded(['self']), [...bases].map((base) => `${base}!user=ada`).sort())
  })

  test('self is nothing for a service', () => {
    assert.deepEqual(expanded(['self'], culler), [])
  })

  const lab: Owner = { ...ada, client: { kind: 'server', name: 'ada/lab' } }
  const forms: [string, Owner, string[]][] = [
    ['tokens!user', ada, ['read:tokens!user=ada', 'tokens!user=ada']],
    ['tokens!user', culler, []],
    ['read:services:name!service', culler, ['read:services:name!service=culler']],
    ['access:servers!server', ada, []],
    ['access:servers!server', lab, ['access:servers!server=ada/lab']],
    ['access:services!service', lab, []],
    [
      'access:services!service',
      { ...ada, client: { kind: 'service', name: 'grader' } },
      ['access:services!service=grader'],
    ],
    ['access:servers!group', ada, []],
    ['tokens!planet=mars', ada, []],
    ['tokens!user=', ada, []],
    ['access:servers!server=ada', ada, []],
    ['access:servers!server=ada/', ada, ['access:servers!server=ada/']],
    ['delete:users!user=a=b!c', ada, ['delete:users!user=a=b!c']],
    ['self!user=bob', ada, []],
    ['no:such:scope', ada, []],
    ['constructor', ada, []],
    ['all', ada, []],
  ]
  for (const [scope, owner, wanted] of forms) {
    test(`${scope} of ${owner.kind} ${owner.name}${owner.client ? ` at ${owner.client.name}` : ''} expands so`, () => {
      assert.deepEqual(expanded([scope], owner), wanted)
    })
  }

  test('an unfiltered scope swallows its filtered forms, and only its own', () => {
    const all = ['tokens', 'tokens!user=ada', 'read:users!user=ada']
    assert.deepEqual([...reduceScopes(all)], ['tokens', 'read:users!user=ada'])
  })
})

describe('custom scopes', () => {
  const custom = {
    'custom:grader:write': { description: 'Write grades', subscopes: ['custom:grader:read'] },
    'custom:grader:read': { description: 'Read grades', subscopes: [] },
  }

  test('a custom scope brings its subscopes, with its filter', () => {
    assert.deepEqual(
      [...expandScopes(['custom:grader:write!user'], ada, custom)],
      ['custom:grader:write!user=ada', 'custom:grader:read!user=ada'],
    )
  })

  test('a custom scope that is not defined any more means nothing', () => {
    assert.deepEqual(expanded(['custom:grader:write']), [])
  })

  test('custom scopes that contain each other come to an end', () => {
    const loop = {
      'custom:aa:b': { description: 'A', subscopes: ['custom:bb:b'] },
      'custom:bb:b': { description: 'B', subscopes: ['custom:aa:b'] },
    }
    assert.equal(expandScopes(['custom:aa:b'], ada, loop).size, 2)
  })
})
