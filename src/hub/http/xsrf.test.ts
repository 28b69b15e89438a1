import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeXsrf, type XsrfQuestion, type XsrfVerdict } from './xsrf.ts'

const form: XsrfQuestion = {
  method: 'POST',
  place: 'page',
  via: 'cookie',
  origin: 'same-origin',
  mode: 'navigate',
  token: 'current',
}
const script: XsrfQuestion = { ...form, place: 'api', mode: 'cors' }
const read: XsrfQuestion = { ...script, method: 'GET', token: 'missing' }
const signIn: XsrfQuestion = { ...form, place: 'sign-in', via: 'nothing', token: 'missing' }

const table: readonly [string, XsrfQuestion, XsrfVerdict][] = [
  ['a form of the hub', form, 'fine'],
  ['a form without token', { ...form, token: 'missing' }, 'XSRF_MISSING'],
  ['a form with a token of this user from before', { ...form, token: 'same-user' }, 'fine'],
  [
    'the same, when nothing proves where it comes from',
    { ...form, token: 'same-user', origin: 'unknown' },
    'XSRF_STALE',
  ],
  ['a form with a token of somebody else', { ...form, token: 'foreign' }, 'XSRF_STALE'],
  ['a form on another site that knows the token', { ...form, origin: 'cross-site' }, 'XSRF_CROSS_SITE'],
  ['a form on a sibling domain', { ...form, origin: 'same-site' }, 'XSRF_CROSS_SITE'],
  ['a form that says not where from', { ...form, origin: 'unknown' }, 'fine'],
  ['a form sent again by the person', { ...form, origin: 'none' }, 'fine'],
  ['a link from another site to a page', { ...form, method: 'GET', origin: 'cross-site', token: 'missing' }, 'fine'],
  ['a HEAD', { ...read, method: 'HEAD' }, 'fine'],
  ['an OPTIONS', { ...read, method: 'OPTIONS' }, 'fine'],

  ['a script with the token', script, 'fine'],
  ['a script of another server on this origin', { ...script, token: 'missing' }, 'XSRF_MISSING'],
  ['the same with a token for nobody', { ...script, token: 'foreign' }, 'XSRF_STALE'],
  ['a DELETE without token', { ...script, method: 'DELETE', token: 'missing' }, 'XSRF_MISSING'],
  ['a PUT without token', { ...script, method: 'PUT', token: 'missing' }, 'XSRF_MISSING'],
  ['a PATCH without token', { ...script, method: 'PATCH', token: 'missing' }, 'XSRF_MISSING'],
  ['a script with an API token', { ...script, via: 'token', token: 'missing', origin: 'cross-site' }, 'fine'],
  ['a script of nobody, which is refused later', { ...script, via: 'nothing', token: 'missing' }, 'fine'],

  ['a read by a script without token', read, 'XSRF_MISSING'],
  ['a read by a script with the token', { ...read, token: 'current' }, 'fine'],
  ['a read by a script on another site', { ...read, origin: 'cross-site' }, 'XSRF_CROSS_SITE'],
  ['a read by typing the address', { ...read, mode: 'navigate', origin: 'none' }, 'fine'],
  ['a read by a link from elsewhere', { ...read, mode: 'navigate', origin: 'cross-site' }, 'fine'],
  ['a read by a program', { ...read, mode: null, origin: 'unknown' }, 'fine'],
  ['a read by a program from another site', { ...read, mode: null, origin: 'cross-site' }, 'XSRF_CROSS_SITE'],
  ['a picture of this origin', { ...read, mode: 'no-cors' }, 'fine'],
  ['a picture on another site', { ...read, mode: 'no-cors', origin: 'cross-site' }, 'XSRF_CROSS_SITE'],
  ['a picture from nowhere', { ...read, mode: 'no-cors', origin: 'unknown' }, 'XSRF_MISSING'],
  ['a websocket', { ...read, mode: 'websocket' }, 'fine'],

  ['a sign-in with a stale page', { ...signIn, token: 'foreign' }, 'fine'],
  ['a sign-in without token', signIn, 'fine'],
  ['a sign-in by a program without token', { ...signIn, origin: 'unknown' }, 'XSRF_MISSING'],
  ['a sign-in by a program with its token', { ...signIn, origin: 'unknown', token: 'current' }, 'fine'],
  ['a sign-in by a program with a stolen token', { ...signIn, origin: 'unknown', token: 'foreign' }, 'XSRF_STALE'],
  ['a sign-in from another site', { ...signIn, token: 'current', origin: 'cross-site' }, 'XSRF_CROSS_SITE'],
  ['a sign-in from a sibling domain', { ...signIn, token: 'current', origin: 'same-site' }, 'XSRF_CROSS_SITE'],
  ['a second sign-in in another tab', { ...signIn, via: 'cookie', token: 'foreign' }, 'fine'],
]
for (const [what, question, verdict] of table) {
  test(`${what}: ${verdict}`, () => assert.equal(judgeXsrf(question), verdict))
}
