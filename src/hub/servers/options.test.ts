import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Profile } from '#config'
import { resolveOptions, resolveStoredOptions } from './options.ts'

const plain = { description: '', isDefault: false, override: {}, allowedGroups: null, options: [] }
const image = {
  name: 'image',
  displayName: 'Image',
  choices: [
    {
      name: 'small',
      displayName: '',
      description: '',
      isDefault: true,
      override: { mem_limit: '1G' },
      allowedGroups: null,
    },
    {
      name: 'big',
      displayName: '',
      description: '',
      isDefault: false,
      override: { mem_limit: '9G' },
      allowedGroups: ['Staff'],
    },
  ],
  unlistedChoice: {
    displayName: '',
    displayNameInChoices: 'Other',
    description: '',
    validationRegex: '[a-z]+',
    validationMessage: 'small letters only',
    allowedGroups: null,
    override: { environment: { IMAGE: 'my-{value}' } },
  },
}
const profiles: readonly Profile[] = [
  { ...plain, slug: 'minimal', displayName: 'Minimal', override: { default_url: '/lab' } },
  { ...plain, slug: 'spark', displayName: 'Spark', isDefault: true, options: [image] },
  { ...plain, slug: 'staff', displayName: 'Staff', allowedGroups: ['staff'] },
]
const student = { profiles, groups: [] }
const teacher = { profiles, groups: ['staff'] }

test('without a profile the default one is picked, with the default of each of its questions', () => {
  const { userOptions, overrides } = resolveOptions({}, student)
  assert.deepEqual(userOptions, { profile: 'spark', image: 'small' })
  assert.deepEqual(overrides, [{}, { mem_limit: '1G' }])
})

test('an unknown profile is refused, and the known ones are named', () => {
  assert.throws(() => resolveOptions({ profile: 'sparc' }, student), {
    code: 'OPTIONS_INVALID',
    message: 'Invalid user options: there is no profile "sparc"; the profiles are "minimal", "spark".',
  })
})

test('a profile for a group is there for its members only', () => {
  assert.equal(resolveOptions({ profile: 'staff' }, teacher).userOptions.profile, 'staff')
  assert.throws(() => resolveOptions({ profile: 'staff' }, student), { code: 'OPTIONS_INVALID' })
})

test('a choice for a group is there for its members only, whatever the case of its name', () => {
  assert.deepEqual(resolveOptions({ profile: 'spark', image: 'big' }, teacher).overrides[1], { mem_limit: '9G' })
  assert.throws(() => resolveOptions({ profile: 'spark', image: 'big' }, student), { code: 'OPTIONS_INVALID' })
})

for (const wrong of [{ profile: 7 }, { profile: 'spark', image: ['small'] }, { profile: 'spark', image: 'none' }]) {
  test(`${JSON.stringify(wrong)} is refused`, () => {
    assert.throws(() => resolveOptions(wrong, student), { code: 'OPTIONS_INVALID' })
  })
}

test('a text of one own is filled in as data', () => {
  const { userOptions, overrides } = resolveOptions({ 'image--unlisted-choice': 'abc' }, student)
  assert.deepEqual(userOptions, { profile: 'spark', 'image--unlisted-choice': 'abc' })
  assert.deepEqual(overrides[1], { environment: { IMAGE: 'my-abc' } })
})

test('a text of one own must match from end to end, also where no profile was named', () => {
  for (const value of ['abc1', 'ABC', 'abc\n', 'a'.repeat(2000)]) {
    assert.throws(() => resolveOptions({ 'image--unlisted-choice': value }, student), { code: 'OPTIONS_INVALID' })
  }
})

test('stored options whose profile is gone give way to the default profile', () => {
  assert.deepEqual(resolveStoredOptions({ profile: 'gone' }, student).userOptions, { profile: 'spark', image: 'small' })
})

test('without profiles options are kept as they are', () => {
  const none = { profiles: [], groups: [] }
  assert.deepEqual(resolveOptions({ any: 1 }, none), { userOptions: { any: 1 }, overrides: [] })
})

test('options as large as a book are refused', () => {
  assert.throws(() => resolveOptions({ book: 'x'.repeat(70_000) }, student), { code: 'OPTIONS_INVALID' })
})
