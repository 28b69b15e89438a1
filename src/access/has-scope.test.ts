import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hasScope, hasScopeSomewhere, scopeFilters } from './has-scope.ts'
import { noMembership, type Target } from './scopes.ts'

const membership = (user: string) => (user === 'ada' ? ['class', 'staff'] : [])

const user = (name: string): Target => ({ kind: 'user', name })
const server = (name: string): Target => ({ kind: 'server', name })
const group = (name: string): Target => ({ kind: 'group', name })
const service = (name: string): Target => ({ kind: 'service', name })

const cases: [have: string, required: string, target: Target | null, allowed: boolean][] = [
  ['read:users', 'servers', null, false],
  ['servers', 'servers', null, true],
  ['servers', 'servers', user('ada'), true],
  ['servers', 'servers', server('ada/'), true],
  // A filter is never enough for everything: it would let `admin:users!group=x` create users.
  ['admin:users!group=class', 'admin:users', null, false],
  ['admin:users!user=ada', 'admin:users', null, false],
  ['servers!user=ada', 'servers', user('ada'), true],
  ['servers!user=ada', 'servers', user('bob'), false],
  ['servers!user=ada', 'servers', user('ad'), false],
  ['servers!user=ada', 'servers', server('ada/lab'), true],
  ['servers!user=ada', 'servers', server('ada/'), true],
  ['servers!user=ada', 'servers', server('adam/'), false],
  ['servers!server=ada/', 'servers', server('ada/'), true],
  ['servers!server=ada/', 'servers', server('ada/lab'), false],
  ['servers!server=ada/', 'servers', user('ada'), false],
  ['servers!group=class', 'servers', user('ada'), true],
  ['servers!group=class', 'servers', server('ada/lab'), true],
  ['servers!group=class', 'servers', user('bob'), false],
  ['servers!group=class', 'servers', server('bob/'), false],
  ['groups!group=class', 'groups', group('class'), true],
  ['groups!group=class', 'groups', group('staff'), false],
  ['groups!user=class', 'groups', group('class'), false],
  ['read:groups!group=class', 'groups', group('class'), false],
  ['access:services!service=x', 'access:services', service('x'), true],
  ['access:services!service=x', 'access:services', service('y'), false],
  ['access:services!group=class', 'access:services', service('ada'), false],
  ['access:services!user=ada', 'access:services', service('ada'), false],
]

describe('hasScope', () => {
  for (const [have, required, target, allowed] of cases) {
    const what = target ? `${target.kind} ${target.name}` : 'everything'
    test(`${have} ${allowed ? 'allows' : 'does not allow'} ${required} on ${what}`, () => {
      assert.equal(hasScope(new Set([have]), required, target, membership), allowed)
    })
  }

  test('any of several filters is enough', () => {
    const have = new Set(['servers!user=bob', 'servers!group=staff'])
    assert.ok(hasScope(have, 'servers', user('ada'), membership))
    assert.ok(!hasScope(have, 'servers', user('ada'), noMembership))
  })
})

test('a scope held on anything at all is told apart from one not held', () => {
  assert.ok(hasScopeSomewhere(new Set(['servers!user=bob']), 'servers'))
  assert.ok(hasScopeSomewhere(new Set(['servers']), 'servers'))
  assert.ok(!hasScopeSomewhere(new Set(['servers:more!user=bob', 'read:servers']), 'servers'))
})

test('the filters of a list are the names of its own base', () => {
  const have = new Set([
    'list:users!user=ada',
    'list:users!group=class',
    'read:users!user=bob',
    'list:users!server=c/d',
  ])

  assert.deepEqual(scopeFilters(have, 'list:users'), {
    users: ['ada'],
    groups: ['class'],
    servers: ['c/d'],
    services: [],
  })
  assert.equal(scopeFilters(new Set(['list:users']), 'list:users'), 'all')
  assert.deepEqual(scopeFilters(new Set(['users']), 'list:users'), { users: [], groups: [], servers: [], services: [] })
})
