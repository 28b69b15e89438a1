/** What is no HTTP, or can be read in two ways; and paths that try to be elsewhere. */
import assert from 'node:assert/strict'
import { api, bytes, type Nonsense, plain, row } from './world.ts'

const refused = [400, 405, 408, 413, 414, 417, 431, 501, 505]
const post = (lines: string, body = '') => bytes(`POST /hub/api/users HTTP/1.1\r\nHost: h\r\n${lines}\r\n\r\n${body}`)
const get = (lines: string) => bytes(`GET /hub/api/ HTTP/1.1\r\nHost: h\r\nConnection: close\r\n${lines}\r\n\r\n`)
const smuggled = 'DELETE /hub/api/users/bob HTTP/1.1\r\nHost: h\r\n\r\n'

export const framing: readonly Nonsense[] = [
  row('no HTTP at all', refused, bytes('\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n')),
  row('a sentence instead of a request', refused, bytes('hello, is this the hub?\r\n\r\n')),
  row('HTTP/0.9', refused, bytes('GET /hub/api/\r\n\r\n')),
  row('the preface of HTTP/2', refused, bytes('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')),
  row('a version of its own', refused, bytes('GET /hub/api/ HTTP/9.9\r\nHost: h\r\n\r\n')),
  row('no Host', refused, bytes('GET /hub/api/ HTTP/1.1\r\n\r\n')),
  row('two Hosts', refused, get('Host: evil.example')),
  row('a Host with a path', [400, 200], bytes('GET /hub/api/ HTTP/1.1\r\nHost: h/../x\r\nConnection: close\r\n\r\n')),
  row('another host in the request line', refused, bytes('GET http://evil.example/ HTTP/1.1\r\nHost: h\r\n\r\n')),
  row('both lengths', refused, post('Content-Length: 4\r\nTransfer-Encoding: chunked', `0\r\n\r\n${smuggled}`)),
  row('two lengths', refused, post('Content-Length: 0\r\nContent-Length: 5', smuggled)),
  row('a negative length', refused, post('Content-Length: -1', smuggled)),
  row('a length beyond all numbers', refused, post('Content-Length: 99999999999999999999999999')),
  row('a length in hexadecimal', refused, post('Content-Length: 0x10', smuggled)),
  row('a chunk of no hexadecimal size', refused, post('Transfer-Encoding: chunked', 'zz\r\nabc\r\n0\r\n\r\n')),
  row('a chunk size beyond all numbers', refused, post('Transfer-Encoding: chunked', 'fffffffffffffffff\r\n')),
  row('an encoding of its own', refused, post('Transfer-Encoding: nonsense', '0\r\n\r\n')),
  row('a length with a space before the colon', refused, post('Content-Length : 5', smuggled)),
  row('a folded header', refused, get('X-A: 1\r\n Authorization: token x')),
  row('a header without a colon', refused, get('nonsense')),
  row('a header without a name', refused, get(': nonsense')),
  row('a NUL in a header', refused, get('X-A: a\0b')),
  row('a bare line feed in a header', [...refused, 200], get('X-A: a\nX-Injected: 1'), ({ headers }) =>
    assert.equal(headers.get('x-injected'), null),
  ),
  row('a head of 100 KiB', [431, 400], get(`X-A: ${'a'.repeat(100 * 1024)}`)),
  row('twenty thousand headers', [431, 400], get('a: b\r\n'.repeat(20_000).trimEnd())),
  row('an address of 100 KiB', [431, 414, 400], plain({ path: `/hub/${'a'.repeat(100 * 1024)}` })),
  row(
    'an authorization of 40 KiB',
    [403],
    api('GET', '/user', { headers: { Authorization: `token ${'a'.repeat(40_000)}` } }),
  ),
  row('a method that nobody knows', refused, bytes('BREW /hub/api/ HTTP/1.1\r\nHost: h\r\n\r\n')),
  row('TRACE', [400, 404, 405, 501], plain({ method: 'TRACE', path: '/hub/api/' })),
  row('CONNECT', refused, bytes('CONNECT evil.example:80 HTTP/1.1\r\nHost: h\r\n\r\n')),
  row('PROPFIND', [400, 404, 405], plain({ method: 'PROPFIND', path: '/hub/home' })),
  row('an expectation that nobody can meet', [417, 400], get('Expect: 300-nothing')),
]

const start = /^\/(?!\/)/

/** Redirects stay on this site. */
const staysHere: Nonsense['holds'] = ({ headers }) => {
  const location = headers.get('location')
  if (location !== null) assert.match(location, start)
}

function path(text: string, wanted: readonly number[]): Nonsense {
  return row(
    `the path ${JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)}`,
    wanted,
    plain({ path: text }),
    staysHere,
  )
}

export const paths: readonly Nonsense[] = [
  path('/hub/api/../../../../etc/passwd', [302, 404]),
  path('/hub/static/../../../../../etc/passwd', [302, 404]),
  path('/hub/static/%2e%2e/%2e%2e/%2e%2e/package.json', [302, 404]),
  path('/hub/static/..%2f..%2f..%2f..%2fpackage.json', [400, 403, 404]),
  path('/hub/static/..%5c..%5cpackage.json', [400, 403, 404]),
  path('/hub/static/%252e%252e%252fpackage.json', [400, 404]),
  path('/hub/static/\\..\\package.json', [400]),
  path('/hub/static/css', [404]),
  path('/hub/static/', [404]),
  path('/hub/static/%00', [400]),
  path('/hub/static/....//package.json', [404]),
  path('/hub/static//etc/passwd', [404]),
  path('/hub/static/components/bootstrap/dist/', [404]),
  path('/hub/static/nothing?v=1&v=2', [404]),
  path('/hub/api/users/ada/nothing', [404]),
  path('/hub/api/%', [400]),
  path('/hub/api/%zz', [400]),
  path('/hub/api/%00', [400]),
  path('/hub/api/users/%c0%ae%c0%ae', [400, 403, 404]),
  path('/hub/api/users/%ff%fe', [400, 403, 404]),
  path('/hub/api/users/%E0%A4%A', [400]),
  path('//evil.example/hub/', [302, 404]),
  path('//evil.example/%2e%2e', [302, 404]),
  path('///evil.example', [302, 404]),
  path('/\\evil.example', [400]),
  path('/%5cevil.example', [302, 404]),
  path('/%2fevil.example', [302, 404]),
  path('/%0d%0aX-Injected:%201', [302, 400, 404]),
  path('/hub//evil.example', [404]),
  path('/hub/user-redirect//evil.example', [302]),
  path('/hub/user-redirect/%0d%0aX-Injected:%201', [302, 400]),
  path('/hub/../user/nobody/api', [424]),
  path('/user/../hub/api/users', [403]),
  path('/user/ada/../../hub/api/users', [403]),
  path('/user/nobody/%2e%2e/%2e%2e/hub/api/users', [403]),
  path('/user/ada%2f..%2fbob/api', [424]),
  path('/user/', [302, 404]),
  path('/user//', [302, 404]),
  path('/HUB/API/', [302, 404]),
  path('/hub/api/users?name_filter=%00', [400, 403]),
  path('/hub/api//users', [403, 404]),
  path('/hub/api/users/', [403, 404]),
  path('/hub/api/__proto__', [404]),
  path('/hub/constructor', [404]),
  path('/hub/api/users/a%2fb/server', [403, 404]),
  path(`/hub/api/users/${'a'.repeat(3000)}`, [403, 404, 414]),
  path(`/${'../'.repeat(3000)}hub/api/users`, [403, 404]),
  path(`/hub/${'a/'.repeat(10_000)}`, [404]),
  path('/hub/error/200', [404]),
  path('/hub/error/<script>', [400, 404]),
  path('/services/nothing', [302, 404]),
  path('/hub/authorize/nothing/at/all', [404]),
  row('a fragment in the request line', [400], bytes('GET /hub/login#x HTTP/1.1\r\nHost: h\r\n\r\n')),
  row('an asterisk for a path', [400, 405, 200], bytes('OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')),
]
