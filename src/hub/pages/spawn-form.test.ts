import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Profile } from '#config'
import { optionsOfForm, optionsOfQuery } from './spawn-form.ts'

const option = { name: 'image', displayName: 'Image', choices: [], unlistedChoice: null }
const profile = { displayName: '', description: '', isDefault: false, override: {}, allowedGroups: null, options: [] }
const profiles: Profile[] = [
  { ...profile, slug: 'a', options: [option] },
  { ...profile, slug: 'a--b', options: [option] },
]

test('a form without a profile asks for nothing', () => {
  assert.equal(optionsOfForm({ _xsrf: 'x' }, profiles), null)
  assert.equal(optionsOfForm(null, profiles), null)
  assert.equal(optionsOfForm({ profile: '' }, profiles), null)
})

test('only the answers of the chosen profile count', () => {
  const form = { profile: 'a', 'profile-option-a--image': 'x', 'profile-option-a--b--image': 'y', other: 'z' }

  assert.deepEqual(optionsOfForm(form, profiles), { profile: 'a', image: 'x' })
})

test('a text of one’s own counts where that was chosen, and nowhere else', () => {
  const typed = { 'profile-option-a--image--unlisted-choice': 'own:1' }

  assert.deepEqual(optionsOfForm({ profile: 'a', 'profile-option-a--image': 'unlisted-choice', ...typed }, profiles), {
    profile: 'a',
    'image--unlisted-choice': 'own:1',
  })
  assert.deepEqual(optionsOfForm({ profile: 'a', 'profile-option-a--image': 'x', ...typed }, profiles), {
    profile: 'a',
    image: 'x',
  })
})

test('a repeated field is refused', () => {
  assert.throws(() => optionsOfForm({ profile: ['a', 'a--b'] }, profiles), { code: 'FORM_INVALID' })
})

test('when one field of a query is marked, unmarked ones do not count', () => {
  assert.deepEqual(optionsOfQuery({ 'opt-profile': 'a', 'profile-option-a--image': 'x' }, profiles), { profile: 'a' })
  assert.deepEqual(optionsOfQuery({ profile: 'a', next: '/x' }, profiles), { profile: 'a' })
})
