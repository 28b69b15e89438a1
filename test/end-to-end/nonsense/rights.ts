/** Tokens that are none, and rights that are not held. */
import { exchangeBytes, requestBytes } from '../../harness/raw-request.ts'
import { api, type Nonsense, password, plain, row, type World } from './world.ts'

const withToken = (name: string, header: (world: World) => string) =>
  row(`${name} is nobody's`, [403], (world) =>
    api('GET', '/user', { headers: { Authorization: header(world) } })(world),
  )

export const tokens: readonly Nonsense[] = [
  withToken('no token', () => ''),
  withToken('an empty token', () => 'token '),
  withToken('a token without its word', ({ tokens }) => tokens.bob),
  withToken('a token with two words', ({ tokens }) => `token ${tokens.bob} x`),
  withToken('a token for Basic', ({ tokens }) => `Basic ${Buffer.from(`bob:${tokens.bob}`).toString('base64')}`),
  withToken('a token with a letter too many', ({ tokens }) => `token ${tokens.bob}x`),
  withToken('a token with a letter too few', ({ tokens }) => `token ${tokens.bob.slice(0, -1)}`),
  withToken(
    'a token of another that begins the same',
    ({ tokens }) => `token ${tokens.bob.slice(0, 4)}${'f'.repeat(28)}`,
  ),
  withToken('the first letters of a token', ({ tokens }) => `token ${tokens.bob.slice(0, 4)}`),
  withToken('a token in capitals', ({ tokens }) => `token ${tokens.bob.toUpperCase()}`),
  withToken('a token of one letter', () => 'token a'),
  withToken('a token of SQL', () => `token '--`),
  withToken('a token of bytes', () => 'token \u00ff\u00fe'),
  withToken('a hash as a token', () => `token sha512:1:x:${'0'.repeat(128)}`),
  withToken('an expired token', ({ tokens }) => `token ${tokens.expired}`),
  row('a token in the query is nobody’s', [403], (world) =>
    exchangeBytes(world.port, requestBytes({ path: `/hub/api/user?token=${world.tokens.bob}` })),
  ),
]

const as = 'bob' as const
export const scopes: readonly Nonsense[] = [
  row('bob lists all users', [403], api('GET', '/users', { as })),
  row('bob reads ada', [404], api('GET', '/users/ada', { as })),
  row('bob reads nobody', [404], api('GET', '/users/nobody', { as })),
  row('bob starts the server of ada', [404], api('POST', '/users/ada/server', { as })),
  row('bob stops the server of ada', [404], api('DELETE', '/users/ada/server', { as })),
  row('bob follows the start of ada', [404], api('GET', '/users/ada/server/progress', { as })),
  row(
    'bob reports activity of ada',
    [404],
    api('POST', '/users/ada/activity', { as, body: { last_activity: '2024-01-01' } }),
  ),
  row('bob takes a token for ada', [404], api('POST', '/users/ada/tokens', { as, body: {} })),
  row('bob reads the tokens of ada', [404], api('GET', '/users/ada/tokens', { as })),
  row('bob deletes ada', [403], api('DELETE', '/users/ada', { as })),
  row('bob makes himself administrator', [403], api('PATCH', '/users/bob', { as, body: { admin: true } })),
  row('bob makes a user', [403], api('POST', '/users/carol', { as })),
  row('bob enters a group', [403], api('POST', '/groups/students/users', { as, body: { users: ['bob'] } })),
  row('bob reads the routes', [403], api('GET', '/proxy', { as })),
  row('bob reads about the hub', [403], api('GET', '/info', { as })),
  row('a narrow token starts a server', [403], api('POST', '/users/bob/server', { as: 'narrow' })),
  row('a narrow token makes a stronger one', [403], api('POST', '/users/bob/tokens', { as: 'narrow', body: {} })),
  row('a narrow token reads somebody else', [404], api('GET', '/users/ada', { as: 'narrow' })),
  row('a stranger lists users', [403], plain({ path: '/hub/api/users' })),
  row('a stranger deletes somebody', [403], plain({ method: 'DELETE', path: '/hub/api/users/nobody' })),
  row('a stranger takes a token', [403], plain({ method: 'POST', path: '/hub/api/users/ada/tokens', body: '{}' })),
  row(
    'a stranger takes a token with a wrong password',
    [403],
    plain({
      method: 'POST',
      path: '/hub/api/users/ada/tokens',
      body: JSON.stringify({ auth: { username: 'ada', password: 'x' } }),
    }),
  ),
  row(
    'bob takes a token for ada with his password',
    [403, 404],
    plain({
      method: 'POST',
      path: '/hub/api/users/ada/tokens',
      body: JSON.stringify({ auth: { username: 'bob', password } }),
    }),
  ),
  row(
    'a sign-in that is no form',
    [400, 403],
    plain({
      method: 'POST',
      path: '/hub/api/users/ada/tokens',
      body: JSON.stringify({ auth: { username: ['ada'], password: {} } }),
    }),
  ),
]
