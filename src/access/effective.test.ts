import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { HimaliaError } from '#base/errors.ts'
import { checkCustomScopes } from './custom-scopes.ts'
import { accessScopes, checkHeld, identifyScopes, ownerScopes, scopesNotHeld, tokenScopes } from './effective.ts'
import { expandScopes, type Owner } from './expand.ts'
import { checkScopes } from './parse-scope.ts'
import { checkRoleName, roleDefaults } from './roles.ts'
import { scopeTable } from './scope-table.ts'
import { noMembership } from './scopes.ts'

const ada: Owner = { kind: 'user', name: 'ada' }
const own = ownerScopes({ owner: ada, roleScopes: ['self'] })

const code = (wanted: string) => (error: unknown) => error instanceof HimaliaError && error.code === wanted

const sorted = (scopes: Iterable<string>) => [...scopes].sort()

describe('the scopes of a token', () => {
  const ask = (scopes: string[], owner: Owner = ada, held = own) =>
    sorted(tokenScopes({ scopes, owner, ownerScopes: held, membership: noMembership }))

  test('inherit is all that its owner has', () => {
    assert.deepEqual(ask(['inherit']), sorted(own))
  })

  test('a token without scopes may still tell whose it is', () => {
    assert.deepEqual(ask([]), ['read:users:groups!user=ada', 'read:users:name!user=ada'])
  })

  test('a token never has more than its owner', () => {
    assert.deepEqual(
      ask(['admin:users', 'tokens!user=bob']),
      ask(['users!user=ada']).filter((s) => !/list|^users!/.test(s)),
    )
  })

  test('a token for a server has access to that server and no other', () => {
    const scopes = ask([], { ...ada, client: { kind: 'server', name: 'ada/' } })
    assert.deepEqual(scopes, ['access:servers!server=ada/', 'read:users:groups!user=ada', 'read:users:name!user=ada'])
  })

  test('a token for the server of another has access only with a share, also one through a group', () => {
    const owner: Owner = { ...ada, client: { kind: 'server', name: 'bob/lab' } }
    assert.ok(!ask([], owner).includes('access:servers!server=bob/lab'))

    const shareScopes = ['access:servers!server=bob/lab']
    const held = ownerScopes({ owner: ada, roleScopes: ['self'], shareScopes })
    assert.ok(ask([], owner, held).includes('access:servers!server=bob/lab'))
  })

  test('a service sees itself', () => {
    const owner: Owner = { kind: 'service', name: 'x' }
    const held = ownerScopes({ owner, roleScopes: ['list:services'] })
    assert.deepEqual(ask([], owner, held), ['read:services:name!service=x'])
  })
})

describe('scopes that may not be given away', () => {
  const not = (scopes: string[]) => scopesNotHeld({ scopes, owner: ada, ownerScopes: own, membership: noMembership })

  test('what the owner holds may be given, whole or narrowed', () => {
    assert.deepEqual(not(['inherit', 'self', 'tokens!user', 'servers!server=ada/lab', '(no_scope)']), [])
  })

  test('more than the owner holds may not, and is named as it was asked for', () => {
    assert.deepEqual(not(['tokens', 'servers!user=bob', 'tokens!user=ada', 'admin-ui']), [
      'tokens',
      'servers!user=bob',
      'admin-ui',
    ])
  })

  test('the refusal names the scopes', () => {
    const question = { scopes: ['tokens'], owner: ada, ownerScopes: own, membership: noMembership }
    assert.throws(() => checkHeld(question), code('SCOPES_NOT_HELD'))
    assert.throws(() => checkHeld(question), /tokens/)
  })
})

test('identify and access scopes have the exact text that servers look for', () => {
  assert.deepEqual(identifyScopes(ada), ['read:users:name!user=ada', 'read:users:groups!user=ada'])
  assert.deepEqual(identifyScopes({ kind: 'service', name: 'x' }), ['read:services:name!service=x'])
  assert.deepEqual(accessScopes({ kind: 'server', name: 'ada/' }), ['access:servers!server=ada/'])
  assert.deepEqual(accessScopes({ kind: 'service', name: 'x' }), ['access:services!service=x'])
  assert.deepEqual(accessScopes(null), [])
})

test('scopes in requests are checked, with a hint for the old name of inherit', () => {
  checkScopes(['self', 'inherit', 'tokens!user', 'servers!server=a/', '(no_scope)'])
  checkScopes(['custom:a:b!user'], { 'custom:a:b': { description: 'x', subscopes: [] } })
  assert.throws(() => checkScopes(['all']), code('SCOPE_ALL'))
  for (const scope of ['', 'nothing', 'tokens2', 'toString', 'custom:a:b', '!user=ada']) {
    assert.throws(() => checkScopes([scope]), code('SCOPE_UNKNOWN'), scope)
  }
  for (const scope of ['tokens!', 'tokens!group', 'tokens!user=', 'tokens!x=y', 'servers!server=a', 'self!user=b']) {
    assert.throws(() => checkScopes([scope]), code('SCOPE_FILTER_INVALID'), scope)
  }
})

describe('default roles', () => {
  test('they name only scopes that exist', () => {
    for (const { name, scopes } of roleDefaults) {
      checkRoleName(name)
      checkScopes(scopes)
    }
  })

  test('an administrator has every scope, unfiltered', () => {
    const { scopes } = roleDefaults.find(({ name }) => name === 'admin')!
    const missing = Object.keys(scopeTable).filter((scope) => !expandScopes(scopes, ada).has(scope))
    assert.deepEqual(missing, ['(no_scope)', 'self', 'inherit'])
  })

  test('names of roles follow the pattern', () => {
    for (const name of ['abc', 'a-b_c~d.e9', `a${'b'.repeat(254)}`]) checkRoleName(name)
    for (const name of ['ab', 'Abc', '1bc', 'abc-', 'a c', `a${'b'.repeat(255)}`]) {
      assert.throws(() => checkRoleName(name), code('ROLE_NAME_INVALID'), name)
    }
  })
})

test('a custom scope needs its prefix, a description and defined subscopes', () => {
  const good = { description: 'x', subscopes: [] }
  checkCustomScopes({ 'custom:a:b*': good, 'custom:c_d': { description: 'y', subscopes: ['custom:a:b*'] } })
  for (const name of ['tokens', 'grader:read', 'custom:', 'custom:A', 'custom:a-', 'custom:a:']) {
    assert.throws(() => checkCustomScopes({ [name]: good }), code('CUSTOM_SCOPE_INVALID'), name)
  }
  assert.throws(() => checkCustomScopes({ 'custom:aaa': { ...good, description: ' ' } }), /description/)
  assert.throws(() => checkCustomScopes({ 'custom:aaa': { ...good, subscopes: ['tokens'] } }), /subscope/)
})
