/** Bodies, queries and names that the REST API can't take, sent by somebody who may do everything. */
import assert from 'node:assert/strict'
import type { Answer } from '../../harness/raw-request.ts'
import { api, type Nonsense } from './world.ts'

/** Errors of the API are JSON with the status and a sentence. */
function isError({ status, text, headers }: Answer): void {
  if (text === '') return
  assert.match(headers.get('content-type') ?? '', /^application\/json/)
  const body = JSON.parse(text) as { status: number; message: string }
  assert.equal(body.status, status)
  assert.ok(body.message.length > 0 && body.message.length < 3000, 'the message is a sentence')
}

type Options = Parameters<typeof api>[2]

function row(name: string, wanted: readonly number[], [method, path, options]: [string, string, Options?]): Nonsense {
  return { name, wanted, send: api(method, path, options), holds: isError }
}

function body(what: string, content: unknown, path = '/users'): Nonsense {
  return row(`${what} as the body of POST ${path}`, [400], ['POST', path, { body: content }])
}

const huge = `{"usernames": ["${'a'.repeat(11 * 1024 ** 2)}"]}`

export const bodies: readonly Nonsense[] = [
  body('nothing', ''),
  body('half an object', '{"usernames": ["x"'),
  body('two objects', '{}{}'),
  body('single quotes', "{'usernames': ['x']}"),
  body('NaN', '{"usernames": NaN}'),
  body('a comment', '{"usernames": [] /* none */}'),
  body('invalid UTF-8', Buffer.from('{"usernames": ["\xff\xfe"]}', 'latin1')),
  body('overlong UTF-8', Buffer.from('{"usernames": ["\xc0\xaf"]}', 'latin1')),
  body('half a surrogate pair', '{"usernames": ["\\ud800"]}'),
  body('an escaped NUL', '{"usernames": ["a\\u0000b"]}'),
  body('UTF-16', Buffer.from('{"usernames": ["x"]}', 'utf16le')),
  body('a list', ['x']),
  body('a number', 7),
  body('null', null),
  body('text', '"usernames"'),
  body('names that are no list', { usernames: 'x' }),
  body('names that are no text', { usernames: [1, null, {}] }),
  body('no names', { usernames: [] }),
  body('an empty name', { usernames: [''] }),
  body('admin as text', { usernames: ['x'], admin: 'yes' }),
  body('twenty thousand brackets', '['.repeat(20_000)),
  body('twenty thousand nested lists', `${'['.repeat(20_000)}${']'.repeat(20_000)}`),
  body('a number beyond all numbers', { admin: true, usernames: [1e308] }),
  body('a form', 'usernames=x&admin=true'),
  body('a prototype', '{"__proto__": {"usernames": ["x"]}}'),
  row('a body of 11 MiB', [413, 0], ['POST', '/users', { body: huge }]),
  row(
    'a body that says it is gzip',
    [400, 415],
    ['POST', '/users', { body: '\x1f\x8b', headers: { 'Content-Encoding': 'gzip' } }],
  ),
  row('an unknown key', [400], ['PATCH', '/users/bob', { body: { nonsense: 1 } }]),
  row('a name of a wrong type', [400], ['PATCH', '/users/bob', { body: { name: 7 } }]),
  row('the name of somebody else', [400], ['PATCH', '/users/bob', { body: { name: 'ada' } }]),
  row('a name with a slash for a user', [400], ['PATCH', '/users/bob', { body: { name: '../ada' } }]),
  row('auth_state as text', [400], ['PATCH', '/users/bob', { body: { auth_state: 'x' } }]),
  row('groups that are set on the user', [400], ['PATCH', '/users/bob', { body: { groups: ['students'] } }]),
  ...[1, 'yes', []].map((admin) =>
    row(`admin as ${JSON.stringify(admin)}`, [400], ['PATCH', '/users/bob', { body: { admin } }]),
  ),
  row('a user changed by a list', [400], ['PATCH', '/users/bob', { body: [] }]),
  row('a group of users that do not exist', [400], ['POST', '/groups/lab', { body: { users: ['nobody'] } }]),
  row('a group of a number of users', [400], ['POST', '/groups/lab', { body: { users: 7 } }]),
  row('members that do not exist', [400], ['POST', '/groups/students/users', { body: { users: ['nobody'] } }]),
  row('members that are numbers', [400], ['POST', '/groups/students/users', { body: { users: [7] } }]),
  row('properties that are a list', [400], ['PUT', '/groups/students/properties', { body: [] }]),
  row('a group that exists', [409], ['POST', '/groups/students', {}]),
  row('a group with an empty name', [400], ['POST', '/groups', { body: { groups: [''] } }]),
  row('a group named by a control character', [400], ['POST', '/groups', { body: { groups: ['a\nb'] } }]),
  row('a group named by half a surrogate pair', [400], ['POST', '/groups', { body: '{"groups": ["\\udfff"]}' }]),
  row('a group with a name of 3000 characters', [400], ['POST', '/groups', { body: { groups: ['g'.repeat(3000)] } }]),
  row('shutdown with words', [400], ['POST', '/shutdown', { body: { servers: 'all' } }]),
  row('shutdown by somebody who may not', [403], ['POST', '/shutdown', { as: 'bob', body: {} }]),
  row('a proxy of a wrong type', [400, 404, 405, 501], ['PATCH', '/proxy', { body: { api_url: 7 } }]),
]

function userName(what: string, name: string, wanted: readonly number[] = [400]): Nonsense {
  return row(`${what} as a new user`, wanted, ['POST', `/users/${name}`, {}])
}

function serverName(what: string, name: string, wanted: readonly number[] = [400]): Nonsense {
  return row(`${what} as a new server`, wanted, ['POST', `/users/bob/servers/${name}`, {}])
}

export const names: readonly Nonsense[] = [
  userName('an empty name', '', [400, 404, 405]),
  userName('a dot', '%2e', [400, 404, 405]),
  userName('two dots', '%2e%2e', [404, 405]),
  userName('a slash', 'a%2Fb', [400, 404]),
  userName('a line feed', 'a%0Ab', [400, 404]),
  userName('DEL', 'a%7Fb', [400, 404]),
  userName('a control character of the second set', 'a%C2%85b'),
  userName('256 characters', 'a'.repeat(256)),
  userName('2100 characters', 'a'.repeat(2100), [400, 404, 414]),
  userName('a space at the end', 'a%20'),
  userName('a no-break space at the start', '%C2%A0a'),
  userName('text that runs backwards', 'ada%E2%80%AEbob'),
  userName('a name with nothing but an invisible space', '%E2%80%8B'),
  userName('an invisible joiner inside a known name', 'ad%E2%80%8Da'),
  userName('a line separator', 'a%E2%80%A8b'),
  userName('a byte order mark', '%EF%BB%BFada'),
  userName('half a surrogate pair in UTF-8', '%ED%A0%80', [400, 404]),
  userName('somebody who is there', 'ada', [409]),
  row('a known name in capitals among new users', [409], ['POST', '/users', { body: { usernames: ['ADA'] } }]),
  row('one bad name among good ones', [400], ['POST', '/users', { body: { usernames: ['carol', 'a/b'] } }]),
  serverName('capitals', 'Data'),
  serverName('a leading digit', '1data'),
  serverName('two hyphens', 'a--b'),
  serverName('31 characters', 'a'.repeat(31)),
  serverName('an emoji', '%F0%9F%98%80'),
  serverName('two dots', '%2e%2e', [404, 405]),
  serverName('a slash', 'a%2Fb', [400, 404]),
  serverName('markup', '%3Cb%3E'),
  row('the default server as a new one', [409], ['PUT', '/users/bob/servers/', {}]),
  row('a defined server once more', [409], ['PUT', '/users/ada/servers/data', {}]),
  row(
    'a display name of 300 characters',
    [400],
    ['PUT', '/users/bob/servers/x', { body: { display_name: 'x'.repeat(300) } }],
  ),
  row(
    'a display name that runs backwards',
    [400],
    ['PUT', '/users/bob/servers/x', { body: { display_name: 'a\u202eb' } }],
  ),
  row('options that are a list', [400], ['POST', '/users/bob/server', { body: ['x'] }]),
  row('user_options that are text', [400], ['POST', '/users/bob/server', { body: { user_options: 'x' } }]),
  ...['fast', 7, true, { display_name: 7 }, { user_options: [] }].map((body) =>
    row(`a start with ${JSON.stringify(body)}`, [400], ['POST', '/users/bob/server', { body }]),
  ),
  row('a change of nothing', [400], ['PATCH', '/users/ada/servers/data', { body: {} }]),
  row('a change of an unknown key', [400], ['PATCH', '/users/ada/servers/data', { body: { nonsense: 1 } }]),
]

const future = new Date(Date.now() + 10 * 86_400_000).toISOString()
const activity = (content: unknown): [string, string, Options] => ['POST', '/users/ada/activity', { body: content }]

export const values: readonly Nonsense[] = [
  row('a limit that is no number', [400], ['GET', '/users?limit=ten']),
  row('a limit with a fraction', [400], ['GET', '/users?limit=1.5']),
  row('an offset beyond all numbers', [400], ['GET', `/users?offset=${'9'.repeat(40)}`]),
  row('an offset in hexadecimal', [400], ['GET', '/groups?offset=0x10']),
  row('a state that there is not', [400], ['GET', '/users?state=nonsense']),
  row('an order that there is not', [400], ['GET', '/users?sort=name;drop table users']),
  { name: 'a negative offset and limit', wanted: [200], send: api('GET', '/users?offset=-1000&limit=-5') },
  {
    name: 'the largest offset and limit',
    wanted: [200],
    send: api('GET', '/users?offset=999999999999999&limit=999999999999999'),
    holds: ({ text }) => assert.equal(text, '[]'),
  },
  {
    name: 'a name filter of SQL',
    wanted: [200],
    send: api('GET', "/users?name_filter=%25'%20or%201=1--"),
    holds: ({ text }) => assert.equal(text, '[]'),
  },
  row('an activity of nothing', [400], activity({})),
  row('an activity that is no date', [400], activity({ last_activity: 'yesterday, perhaps' })),
  row('an activity on a day that there is not', [400], activity({ last_activity: '2024-13-45T99:99:99Z' })),
  row('an activity of a number', [400], activity({ last_activity: 1700000000 })),
  row('an activity in ten days', [400], activity({ last_activity: future })),
  row('an activity in the year 275761', [400], activity({ last_activity: '+275761-01-01T00:00:00Z' })),
  row('an activity before all computers', [400], activity({ last_activity: '0001-01-01T00:00:00Z' })),
  row('an activity of 100 KiB', [400], activity({ last_activity: '2'.repeat(100_000) })),
  row(
    'activity of an unknown server',
    [400],
    activity({ servers: { nonsense: { last_activity: '2024-01-01T00:00:00Z' } } }),
  ),
  row(
    'activity of a prototype',
    [400],
    activity('{"servers": {"constructor": {"last_activity": "2024-01-01T00:00:00Z"}}}'),
  ),
  row('activity of a server without a date', [400], activity({ servers: { '': {} } })),
  row('activity of servers in a list', [400], activity({ servers: [] })),
  row('activity of nobody', [404], ['POST', '/users/nobody/activity', { body: { last_activity: '2024-01-01' } }]),
  row('a token of negative life', [400], ['POST', '/users/bob/tokens', { body: { expires_in: -5 } }]),
  row('a token of endless life in a number', [400], ['POST', '/users/bob/tokens', { body: { expires_in: 1e300 } }]),
  ...[{ expires_in: 'soon' }, { scopes: 'all' }, { scopes: [7] }, { roles: 'user' }, { note: 7 }, { auth: 'x' }].map(
    (body) => row(`a token of ${JSON.stringify(body)}`, [400], ['POST', '/users/bob/tokens', { body }]),
  ),
  row('a token with half a second', [400], ['POST', '/users/bob/tokens', { body: { expires_in: 0.5 } }]),
  row(
    'a token with a scope that there is not',
    [400],
    ['POST', '/users/bob/tokens', { body: { scopes: ['everything'] } }],
  ),
  row(
    'a token with a filter of nonsense',
    [400],
    ['POST', '/users/bob/tokens', { body: { scopes: ['read:users!planet=mars'] } }],
  ),
  row(
    'a token with more than its owner has',
    [400],
    ['POST', '/users/bob/tokens', { body: { scopes: ['admin:users'] } }],
  ),
  row(
    'a token with rights on somebody else',
    [400],
    ['POST', '/users/bob/tokens', { body: { scopes: ['servers!user=ada'] } }],
  ),
  row('a token with roles and scopes', [400], ['POST', '/users/bob/tokens', { body: { scopes: [], roles: ['user'] } }]),
  row('a token of a role that there is not', [400], ['POST', '/users/bob/tokens', { body: { roles: ['emperor'] } }]),
  row('a note of 5000 characters', [400], ['POST', '/users/bob/tokens', { body: { note: 'n'.repeat(5000) } }]),
  row('the token of somebody else by its number', [404], ['DELETE', '/users/ada/tokens/a1', {}]),
  row('a token by nonsense', [404], ['DELETE', '/users/bob/tokens/a1%20or%201=1', {}]),
  row('a token by a number beyond all numbers', [404], ['GET', `/users/bob/tokens/a${'9'.repeat(30)}`]),
]

export const states: readonly Nonsense[] = [
  row('a start of what runs', [400], ['POST', '/users/ada/server', {}]),
  { name: 'a stop of what never ran', wanted: [204], send: api('DELETE', '/users/bob/server') },
  row('a stop of a server that there is not', [404], ['DELETE', '/users/bob/servers/nothing', {}]),
  row('a removal of the default server', [400], ['DELETE', '/users/ada/servers/', { body: { remove: true } }]),
  row('a removal with a word', [400], ['DELETE', '/users/ada/servers/data', { body: { remove: 'yes' } }]),
  row('the progress of what is stopped', [400], ['GET', '/users/ada/servers/data/progress']),
  row('the progress of what is not there', [404], ['GET', '/users/bob/servers/nothing/progress']),
  ...['nonsense', '-1', '1e9', '9'.repeat(200), '0x1', ' '].map(
    (id): Nonsense => ({
      name: `the progress of what runs after event ${JSON.stringify(id.slice(0, 20))}`,
      wanted: [200],
      send: api('GET', '/users/ada/server/progress', { headers: { 'Last-Event-ID': id } }),
      holds: ({ text, headers }) => {
        assert.equal(headers.get('content-type'), 'text/event-stream')
        assert.match(text, /"ready":true/)
      },
    }),
  ),
  row('a start for nobody', [404], ['POST', '/users/nobody/server', {}]),
  row('deleting nobody', [404], ['DELETE', '/users/nobody', {}]),
  row('deleting a group that there is not', [404], ['DELETE', '/groups/nothing', {}]),
  row('deleting a service of the configuration', [405], ['DELETE', '/services/course', {}]),
  row('PUT where there is no PUT', [405], ['PUT', '/users', { body: {} }]),
  row('DELETE of all users', [405], ['DELETE', '/users', {}]),
  row('PATCH of the identity', [405], ['PATCH', '/user', { body: {} }]),
  row('POST to the progress', [405], ['POST', '/users/ada/server/progress', {}]),
  row('POST to the hub', [404, 405], ['POST', '/', { body: {} }]),
]
