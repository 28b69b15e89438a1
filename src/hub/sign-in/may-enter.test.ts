import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RuleSettings } from '#config'
import { type Candidate, checkMayEnter, decide, isListedAdmin } from './may-enter.ts'
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
    allowedGroups: [],
    adminGroups: [],
    allowedEmailDomains: [],
    allowedAffiliations: [],
    allowedEntitlements: [],
    ...changes,
  }) as unknown as Rules

type Facts = { isKnown?: boolean; isAllowed?: boolean } & Partial<Candidate['identity']>

const outcome = (changes: Partial<Rules>, facts: Facts = {}) => {
  const { isKnown = false, isAllowed = false, ...identity } = facts
  const own = [{ name: 'own', wants: 'a rule of its own', isMet: isAllowed }]
  try {
    checkMayEnter(
      { name: 'ada', isKnown, identity: { isAdmin: null, groups: null, rules: own, ...identity } },
      rules(changes),
    )
    return 'enters'
  } catch (error) {
    return (error as { code: string }).code
  }
}

const mail = (address: string, isVerified = true) => ({ address, isVerified })

const table: readonly [string, string, Partial<Rules>, Facts?][] = [
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
  ['in an allowed group', 'enters', { allowedGroups: ['lab'] }, { groups: ['lab'] }],
  ['in no allowed group', 'NO_RULE_ALLOWS', { allowedGroups: ['lab'] }, { groups: ['Lab', 'labs'] }],
  ['whose groups nobody knows', 'NO_RULE_ALLOWS', { allowedGroups: ['lab'] }, { groups: null }],
  ["in an administrators' group", 'enters', { adminGroups: ['lab'] }, { groups: ['lab'] }],
  ['whom the issuer calls an administrator', 'enters', {}, { isAdmin: true }],
  ['with a verified address', 'enters', { allowedEmailDomains: ['x.org'] }, { mail: mail('ada@X.org') }],
  ['with a subdomain', 'enters', { allowedEmailDomains: ['*.x.org'] }, { mail: mail('ada@a.x.org') }],
  ['with a domain that ends alike', 'NO_RULE_ALLOWS', { allowedEmailDomains: ['x.org'] }, { mail: mail('ada@ax.org') }],
  ['with two at signs', 'NO_RULE_ALLOWS', { allowedEmailDomains: ['x.org'] }, { mail: mail('ada@x.org@y.org') }],
  [
    'with an unverified address',
    'NO_RULE_ALLOWS',
    { allowedEmailDomains: ['x.org'] },
    { mail: mail('ada@x.org', false) },
  ],
  ['with an affiliation', 'enters', { allowedAffiliations: ['staff@x.org'] }, { affiliations: ['STAFF@x.org'] }],
  ['with one elsewhere', 'NO_RULE_ALLOWS', { allowedAffiliations: ['staff@x.org'] }, { affiliations: ['staff@y.org'] }],
  ['with one anywhere', 'enters', { allowedAffiliations: ['staff'] }, { affiliations: ['staff@y.org'] }],
  ['with an entitlement', 'enters', { allowedEntitlements: ['urn:x'] }, { entitlements: ['urn:x'] }],
  ['with the same in another case', 'NO_RULE_ALLOWS', { allowedEntitlements: ['urn:x'] }, { entitlements: ['URN:X'] }],
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

test('an administrator is made, unmade or left alone by groups', () => {
  const flag = (groups: readonly string[] | null, isAdmin: boolean | null = null) =>
    decide({ name: 'ada', isKnown: true, identity: { isAdmin, groups } }, rules({ adminGroups: ['heads'] })).isAdmin
  assert.equal(flag(['heads']), true)
  assert.equal(flag(['others']), false)
  assert.equal(flag(null), null)
  assert.equal(flag(['others'], true), true)
})

test('who is turned away is told whom the rules take, but not who is on the list', () => {
  const candidate = { name: 'ada', isKnown: false, identity: { isAdmin: null, groups: [] } }
  assert.throws(
    () => checkMayEnter(candidate, rules({ allowedUsers: ['bob'], allowedGroups: ['lab'] })),
    (error) => {
      const { message } = error as Error
      assert.match(message, /members of lab \(allowed_groups\)/)
      assert.match(message, /list of users \(allowed_users\)/)
      return !message.includes('bob')
    },
  )
})

test('a blocked name stays out under the name of the account, too', () => {
  const candidate = { name: 'ada', proposed: 'eve', isKnown: true, identity: { isAdmin: null, groups: null } }
  for (const name of ['ada', 'eve']) {
    assert.equal(decide(candidate, rules({ allowAll: true, blockedUsers: [name] })).outcome, 'blocked')
  }
})
