/** Requests that are not forwarded: malformed, ambiguous, made to be read in two ways. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { exchange, httpUpstream, proxyFor, rawClient, rawUpstream } from './helpers.ts'

const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n'

describe('never reaches the upstream:', () => {
  const cases: Record<string, string> = {
    'both Content-Length and Transfer-Encoding': `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    'two different Content-Lengths': `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd${smuggled}`,
    'two equal Content-Lengths': 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nabcd',
    'a list as Content-Length': 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4, 4\r\n\r\nabcd',
    'a signed Content-Length': 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +4\r\n\r\nabcd',
    'a Transfer-Encoding of its own': 'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
    'gzip below chunked': 'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    'chunked twice':
      'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'chunks in HTTP/1.0': `POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    'a space before the colon': 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length : 4\r\n\r\nabcd',
    'a folded header': 'GET / HTTP/1.1\r\nHost: h\r\nX-A: 1\r\n Transfer-Encoding: chunked\r\n\r\n',
    'a bare CR in a header': 'GET / HTTP/1.1\r\nHost: h\r\nX-A: 1\rTransfer-Encoding: chunked\r\n\r\n',
    'a NUL in a header': 'GET / HTTP/1.1\r\nHost: h\r\nX-A: 1\0\r\n\r\n',
    'no Host': 'GET / HTTP/1.1\r\n\r\n',
    'two Hosts': 'GET / HTTP/1.1\r\nHost: h\r\nHost: g\r\n\r\n',
    'an absolute form of another host': 'GET http://g/ HTTP/1.1\r\nHost: h\r\n\r\n',
    'a malformed escape': 'GET /% HTTP/1.1\r\nHost: h\r\n\r\n',
    'an encoded NUL': 'GET /%00 HTTP/1.1\r\nHost: h\r\n\r\n',
    'a backslash': 'GET /a\\b HTTP/1.1\r\nHost: h\r\n\r\n',
    'a fragment': 'GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n',
    'an asterisk': 'OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n',
    CONNECT: 'CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n',
    'a version that is not ours': 'GET / HTTP/3.0\r\nHost: h\r\n\r\n',
    'a websocket handshake with a body': `GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    'an unknown expectation': 'GET / HTTP/1.1\r\nHost: h\r\nExpect: 200-maybe\r\n\r\n',
    'a head of 70 KiB': `GET / HTTP/1.1\r\nHost: h\r\nX-A: ${'a'.repeat(70 * 1024)}\r\n\r\n`,
  }
  for (const [what, text] of Object.entries(cases)) {
    test(what, async (t) => {
      const seen: string[] = []
      const upstream = await httpUpstream(t, (request, response) => {
        seen.push(`${request.method} ${request.url}`)
        request.on('error', () => {})
        response.end()
      })
      const proxy = await proxyFor(t)
      await proxy.route('/', upstream)
      const client = rawClient(t, proxy.port, text)

      assert.match(await client.until(/\r\n\r\n/), /^HTTP\/1.1 (400|405|417|431) /)
      assert.deepEqual(seen, [])
    })
  }
})

for (const method of ['DELETE', 'OPTIONS', 'GET', 'HEAD']) {
  test(`the chunked body of ${method} is a body upstream, not a request`, async (t) => {
    const seen: string[] = []
    const upstream = await rawUpstream(t, (socket) =>
      socket.on('data', (chunk) => {
        seen.push(chunk.toString('latin1'))
        if (seen.join('').includes('0\r\n\r\n')) socket.write('HTTP/1.1 204 No Content\r\n\r\n')
      }),
    )
    const proxy = await proxyFor(t)
    await proxy.route('/', upstream)

    const length = smuggled.length.toString(16)
    const body = `${length}\r\n${smuggled}\r\n0\r\n\r\n`
    const client = rawClient(
      t,
      proxy.port,
      `${method} / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n${body}`,
    )
    await client.until(/ 204 /)

    const [head = '', ...rest] = seen.join('').split('\r\n\r\n')
    assert.match(head, /Transfer-Encoding: chunked/)
    assert.doesNotMatch(head, /content-length/i)
    assert.equal(rest.join('\r\n\r\n'), body)
  })
}

test('thousands of headers do not hide the one that frames the body', async (t) => {
  let seen = ''
  const upstream = await rawUpstream(t, (socket) =>
    socket.on('data', (chunk) => {
      seen += chunk.toString('latin1')
      if (seen.endsWith('body')) socket.write('HTTP/1.1 204 No Content\r\n\r\n')
    }),
  )
  const proxy = await proxyFor(t)
  await proxy.route('/', upstream)
  const many = 'a:\r\n'.repeat(3000)

  await rawClient(t, proxy.port, `POST / HTTP/1.1\r\nHost: h\r\n${many}Content-Length: 4\r\n\r\nbody`).until(/ 204 /)

  assert.equal(seen.match(/^a: /gm)?.length, 3000)
  assert.match(seen, /Content-Length: 4\r\n/)
})

test('an upstream that answers with strange framing is a 503', async (t) => {
  for (const head of [
    'Transfer-Encoding: gzip, chunked',
    'Content-Length: 1\r\nTransfer-Encoding: chunked',
    'Content-Length: 1\r\nContent-Length: 2',
  ]) {
    const upstream = await rawUpstream(t, (socket) =>
      socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n1\r\na\r\n0\r\n\r\n`)),
    )
    const proxy = await proxyFor(t)
    await proxy.route('/', upstream)

    assert.match(
      await exchange(t, proxy.port, 'GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n'),
      /^HTTP\/1.1 503 /,
      head,
    )
  }
})

test('path tricks reach the server they are routed to, with the path that was routed', async (t) => {
  const servers = ['root', 'ada', 'bob']
  const proxy = await proxyFor(t)
  for (const name of servers) {
    const upstream = await httpUpstream(t, (request, response) => response.end(`${name} ${request.url}`))
    await proxy.route(name === 'root' ? '/' : `/user/${name}`, upstream)
  }
  const cases = {
    '/user/ada/../bob/x': 'bob /user/bob/x',
    '/user/ada/%2e%2e/bob/x': 'bob /user/bob/x',
    '/user/ada/..%2Fbob/x': 'ada /user/ada/..%2Fbob/x',
    '//user/ada/x': 'root //user/ada/x',
    '/user/adam': 'root /user/adam',
    '/user/%61da?x': 'ada /user/%61da?x',
    '/USER/ada': 'root /USER/ada',
    '/constructor/x': 'root /constructor/x',
    'http://h/user/bob': 'bob /user/bob',
  }
  for (const [path, expected] of Object.entries(cases)) {
    const answer = await exchange(t, proxy.port, `GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`)
    assert.equal(answer.split('\r\n\r\n')[1]?.replace(/^\w+\r\n|\r\n0$/g, ''), expected, path)
  }
})
