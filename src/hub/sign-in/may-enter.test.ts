import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RuleSettings } from '#config'
import { checkMayEnter, isListedAdmin } from './may-enter.ts'
import { checkUserName, normaliseUserName, rewrittenUserName } from './user-name.ts'

type Rules = RuleSettings

// Safe: only these are read.
const rules = (changes: Partial<Rules> = {}) =>
  ({
    allowAll: false,
    allowedUsers: [],
    blockedUsers: [],
    adminUsers: [],
    allowExistingUsers: null,
    usernameMap: {},
    ...changes,
  }) as unknown as Rules

const outcome = (changes: Partial<Rules>, facts: { isKnown?: boolean; isAllowed?: boolean } = {}) => {
  try {
    checkMayEnter({ name: 'ada', isKnown: false, isAllowed: false, ...facts }, rules(changes))
    return 'enters'
  } catch (error) {
    return (error as { code: string }).code
  }
}

const table: readonly [string, string, Partial<Rules>, { isKnown?: boolean; isAllowed?: boolean }?][] = [
  ['without any rule', 'NO_RULE_ALLOWS', {}],
  ['with allow_all', 'enters', { allowAll: true }],
  ['listed in allowed_users', 'enters', { allowedUsers: ['ada'] }],
  ['listed in another case', 'enters', { allowedUsers: ['Ada'] }],
  ['listed under a name that is mapped', 'enters', { allowedUsers: ['a.l'], usernameMap: { 'a.l': 'ada' } }],
  ['not among the allowed_users', 'NO_RULE_ALLOWS', { allowedUsers: ['bob'] }],
  ['listed in admin_users', 'enters', { adminUsers: ['ada'], allowedUsers: ['bob'] }],
  ['known, beside allowed_users', 'enters', { allowedUsers: ['bob'] }, { isKnown: true }],
  [
    'known, when that is switched off',
    'NO_RULE_ALLOWS',
    { allowedUsers: ['bob'], allowExistingUsers: false },
    { isKnown: true },
  ],
  ['known, without any list', 'NO_RULE_ALLOWS', {}, { isKnown: true }],
  ['known, when that is switched on', 'enters', { allowExistingUsers: true }, { isKnown: true }],
  ['allowed by the authenticator', 'enters', {}, { isAllowed: true }],
  [
    'blocked, whatever allows it',
    'USER_BLOCKED',
    { blockedUsers: ['ADA'], allowAll: true, adminUsers: ['ada'] },
    { isAllowed: true, isKnown: true },
  ],
]
for (const [who, what, changes, facts] of table) {
  test(`a user ${who}: ${what}`, () => assert.equal(outcome(changes, facts), what))
}

test('only the listed are made administrators, and nobody is unmade', () => {
  assert.equal(isListedAdmin('ada', rules({ adminUsers: ['Ada'] })), true)
  assert.equal(isListedAdmin('bob', rules({ adminUsers: ['Ada'] })), null)
})

test('names are in lower case, then mapped; nothing of JavaScript is a mapping', () => {
  assert.equal(normaliseUserName('Ada', { usernameMap: { ada: 'lovelace' } }), 'lovelace')
  assert.equal(normaliseUserName('constructor', { usernameMap: {} }), 'constructor')
})

for (const name of ['', 'a/b', ' ada', 'ada ', '.', '..', 'a\nb', 'a\0', 'a\u202eb', 'x'.repeat(256), '9ada']) {
  test(`${JSON.stringify(name.slice(0, 20))} is no user name`, () => {
    assert.throws(() => checkUserName(name, { usernamePattern: '[a-z]' }), { code: 'USER_NAME_INVALID' })
  })
}
for (const name of ['ada', 'ada@example.org', 'a.b+c', 'ada lovelace', 'zoë', 'x'.repeat(255)]) {
  test(`${name.slice(0, 20)} is a user name`, () => checkUserName(name, { usernamePattern: '[a-z]' }))
}

test('rules rewrite a name one after the other, in the notation of Python too', () => {
  const rewritten = (name: string) =>
    rewrittenUserName(name, [
      { match: '@example\\.org$', replace: '' },
      { match: '(?P<first>\\w+)\\.(\\w+)', replace: '\\2-\\1' },
    ])
  assert.equal(rewritten('ada.lovelace@example.org'), 'lovelace-ada')
  assert.equal(rewritten('ada@other.org'), 'ada@org-other')
})
