import assert from 'node:assert/strict'
import { test } from 'node:test'
import { overridesFor, variablesOf } from './overrides.ts'

const nobody = { name: 'a', users: [], groups: [], admins: false, override: {} }
const ada = { name: 'ada', admin: false, groups: ['course-7', 'Course::8', 'staff'] }

test('an override is for those that it names, in the order of the list', () => {
  const all = [
    { ...nobody, users: ['ada', 'bob'], override: { mem_limit: '1G' } },
    { ...nobody, users: ['eve'], override: { mem_limit: '2G' } },
    { ...nobody, admins: true, override: { mem_limit: '3G' } },
    { ...nobody, groups: ['STAFF'], override: { mem_limit: '4G' } },
  ]
  assert.deepEqual(overridesFor(all, ada), [{ mem_limit: '1G' }, { mem_limit: '4G' }])
  assert.deepEqual(overridesFor(all, { name: 'x', admin: true, groups: [] }), [{ mem_limit: '3G' }])
})

test('a pattern counts once for each group that fits, with its name filled in so that a path may hold it', () => {
  const all = [
    {
      ...nobody,
      groups: ['course*'],
      override: { volume_mounts: { 'of-{group}': { subPath: '_shared/{group}' } }, args: ['{group}'] },
    },
  ]
  assert.deepEqual(overridesFor(all, { ...ada, groups: ['course-7', 'course/../etc', 'of course'] }), [
    { volume_mounts: { 'of-course-7': { subPath: '_shared/course-7' } }, args: ['course-7'] },
    { volume_mounts: { 'of-course-..-etc': { subPath: '_shared/course-..-etc' } }, args: ['course-..-etc'] },
  ])
})

test('variables are what stands at a path of what the sign-in gave', () => {
  const state = { access_token: 't', user: { mail: 'a@b.org', ids: [1, 2] }, nothing: null }
  const wanted = { TOKEN: 'access_token', MAIL: 'user.mail', IDS: 'user.ids', NONE: 'user.none.x', NULL: 'nothing' }
  assert.deepEqual(variablesOf(wanted, state), { TOKEN: 't', MAIL: 'a@b.org', IDS: '[1,2]' })
  assert.deepEqual(variablesOf(wanted, null), {})
  assert.deepEqual(variablesOf({ A: 'constructor.name' }, state), {})
})
