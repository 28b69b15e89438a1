/** What goes through, byte by byte, told from raw sockets at both ends. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { exchange, httpUpstream, proxyFor, rawClient, rawUpstream } from './helpers.ts'

/** An upstream that answers each head it sees with the head itself. */
const mirror = (request: IncomingMessage) =>
  `${request.method} ${request.url}\n${request.rawHeaders.map((text, index) => (index % 2 ? `${text}\n` : `${text}: `)).join('')}`

describe('a forwarded request', () => {
  test('keeps its target byte for byte, its Host, and header names as they came', async (t) => {
    const upstream = await httpUpstream(t, (request, response) => response.end(mirror(request)))
    const proxy = await proxyFor(t)
    await proxy.route('/user/ada', upstream)

    const answer = await exchange(
      t,
      proxy.port,
      'GET /user/ada/%7Ex//a%2Fb?q=%20&r=<> HTTP/1.1\r\nHost: hub.example:8443\r\nX-ODD-name: 1\r\nx-odd-Name: 2\r\nCookie: a=1\r\nConnection: close\r\n\r\n',
    )

    assert.match(
      answer,
      /\nGET \/user\/ada\/%7Ex\/\/a%2Fb\?q=%20&r=<>\n|\r\n\r\n.*GET \/user\/ada\/%7Ex\/\/a%2Fb\?q=%20&r=<>\n/s,
    )
    assert.match(answer, /X-ODD-name: 1\nx-odd-Name: 2\nCookie: a=1\n/)
    assert.match(answer, /Host: hub.example:8443\n/)
    assert.match(
      answer,
      /X-Forwarded-For: 127.0.0.1\nX-Forwarded-Port: 8443\nX-Forwarded-Proto: http\nX-Forwarded-Host: hub.example:8443\n/,
    )
  })

  test('appends to X-Forwarded headers, so the first element stays the outermost one', async (t) => {
    const upstream = await httpUpstream(t, (request, response) => response.end(mirror(request)))
    const proxy = await proxyFor(t)
    await proxy.route('/', upstream)

    const answer = await exchange(
      t,
      proxy.port,
      'GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Port: 443\r\nX-Forwarded-Host: out\r\nConnection: close\r\n\r\n',
    )

    assert.match(
      answer,
      /X-Forwarded-For: 9.9.9.9,127.0.0.1\nX-Forwarded-Port: 443,80\nX-Forwarded-Proto: https,http\nX-Forwarded-Host: out\n/,
    )
  })

  test('loses hop-by-hop and nominated headers, but a connection can not nominate Host or X-Forwarded-For', async (t) => {
    const upstream = await httpUpstream(t, (request, response) => response.end(mirror(request)))
    const proxy = await proxyFor(t)
    await proxy.route('/', upstream)

    const answer = await exchange(
      t,
      proxy.port,
      'GET / HTTP/1.1\r\nHost: h\r\nConnection: close, X-Secret, Host, X-Forwarded-For\r\nX-Secret: 1\r\nKeep-Alive: 5\r\nProxy-Authorization: Basic x\r\nTE: trailers, deflate\r\nProxy-Connection: x\r\n\r\n',
    )

    assert.doesNotMatch(answer, /X-Secret|Keep-Alive: 5|Proxy-|deflate/i)
    assert.match(answer, /Host: h\n.*X-Forwarded-For: 127.0.0.1\n.*TE: trailers\n/s)
  })

  test('with an Upgrade other than websocket is served as if it had none', async (t) => {
    const upstream = await httpUpstream(t, (request, response) => response.end(mirror(request)))
    const proxy = await proxyFor(t)
    await proxy.route('/', upstream)

    const answer = await exchange(
      t,
      proxy.port,
      'GET /h2 HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAM\r\n\r\n',
    )

    assert.match(answer, /^HTTP\/1.1 200 .*GET \/h2\n/s)
    assert.doesNotMatch(answer, /h2c|HTTP2-Settings/i)
  })

  test('of HTTP/1.0 without Host gets an answer that ends with the connection', async (t) => {
    const upstream = await httpUpstream(t, (request, response) => {
      response.writeHead(200, { trailer: 'x-t' })
      response.write('part ')
      response.end(request.headers.host)
    })
    const proxy = await proxyFor(t)
    await proxy.route('/', upstream)

    const answer = await exchange(t, proxy.port, 'GET / HTTP/1.0\r\n\r\n')

    assert.match(answer, new RegExp(`\r\n\r\npart ${new URL(upstream).host}$`))
    assert.doesNotMatch(answer, /transfer-encoding|trailer/i)
  })

  test('of HEAD has no body and keeps its connection usable', async (t) => {
    const upstream = await httpUpstream(t, (_request, response) =>
      response.setHeader('content-length', '5').end('hello'),
    )
    const proxy = await proxyFor(t)
    await proxy.route('/', upstream)

    const answer = await exchange(
      t,
      proxy.port,
      'HEAD / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n',
    )

    assert.equal(answer.match(/HTTP\/1.1 200 OK/g)?.length, 2)
    assert.equal(answer.match(/hello/g)?.length, 1)
    assert.match(answer, /connection: keep-alive/i)
  })

  test('carries trailers both ways', async (t) => {
    const upstream = await httpUpstream(t, (request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200, { trailer: 'x-sum' })
        response.write('body')
        response.addTrailers({ 'x-sum': `${request.trailers['x-up']}`, 'content-type': 'evil' })
        response.end()
      })
    })
    const proxy = await proxyFor(t)
    await proxy.route('/', upstream)

    const answer = await exchange(
      t,
      proxy.port,
      'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTrailer: x-up\r\nConnection: close\r\n\r\n2\r\nab\r\n0\r\nx-up: seen\r\n\r\n',
    )

    assert.match(answer, /4\r\nbody\r\n0\r\nx-sum: seen\r\n\r\n$/)
  })

  test('passes 103 on before the answer', async (t) => {
    const upstream = await rawUpstream(t, (socket) =>
      socket.once('data', () =>
        socket.write(
          'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
        ),
      ),
    )
    const proxy = await proxyFor(t)
    await proxy.route('/', upstream)

    const answer = await exchange(t, proxy.port, 'GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')

    assert.match(answer, /^HTTP\/1.1 103 Early Hints\r\nLink: <\/a.css>\r\n\r\nHTTP\/1.1 200 OK\r\n/)
  })

  test('with Expect waits for the upstream to say 100', async (t) => {
    const seen: string[] = []
    const upstream = await rawUpstream(t, (socket) => {
      let said = false
      socket.on('data', (chunk) => {
        seen.push(chunk.toString('latin1'))
        if (!said) socket.write('HTTP/1.1 100 Continue\r\n\r\n')
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
        said = true
      })
    })
    const proxy = await proxyFor(t)
    await proxy.route('/', upstream)
    const client = rawClient(
      t,
      proxy.port,
      'PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n',
    )

    await client.until(/100 Continue\r\n\r\n$/)
    assert.match(seen.join(''), /Expect: 100-continue\r\n.*\r\n\r\n$/s)
    client.send('body')

    await client.until(/200 OK/)
    assert.match(seen.join(''), /\r\n\r\nbody$/)
  })

  test('with Expect may be refused before its body is sent', async (t) => {
    const upstream = await rawUpstream(t, (socket) =>
      socket.once('data', () => socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n')),
    )
    const proxy = await proxyFor(t)
    await proxy.route('/', upstream)
    const client = rawClient(
      t,
      proxy.port,
      'PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n',
    )

    assert.match(await client.until(/\r\n\r\n/), /^HTTP\/1.1 413 Too Large/)
  })

  test('of POST without a body says so to the upstream', async (t) => {
    const upstream = await httpUpstream(t, (request, response) => response.end(mirror(request)))
    const proxy = await proxyFor(t)
    await proxy.route('/', upstream)

    const answer = await exchange(t, proxy.port, 'POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')

    assert.match(answer, /Content-Length: 0\n/)
  })
})

describe('an answer', () => {
  test('keeps several Set-Cookie lines, Location, and its own reason phrase', async (t) => {
    const upstream = await rawUpstream(t, (socket) =>
      socket.once('data', () =>
        socket.write(
          'HTTP/1.1 302 Over There\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nLocation: http://127.0.0.1:1/x\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=99\r\nContent-Length: 0\r\n\r\n',
        ),
      ),
    )
    const proxy = await proxyFor(t)
    await proxy.route('/', upstream)
    const client = rawClient(t, proxy.port, 'GET / HTTP/1.1\r\nHost: h\r\n\r\n')

    const answer = await client.until(/\r\n\r\n/)
    assert.match(
      answer,
      /^HTTP\/1.1 302 Over There\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nLocation: http:\/\/127.0.0.1:1\/x\r\n/,
    )
    assert.match(answer, /Connection: keep-alive/)
    assert.doesNotMatch(answer, /X-Hop|timeout=99/)
  })

  test('without a body yet is seen at once: an event stream begins', async (t) => {
    const upstream = await httpUpstream(t, (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.flushHeaders()
    })
    const proxy = await proxyFor(t)
    await proxy.route('/', upstream)
    const client = rawClient(t, proxy.port, 'GET / HTTP/1.1\r\nHost: h\r\n\r\n')

    assert.match(await client.until(/\r\n\r\n/), /event-stream/)
  })

  for (const [how, end] of [
    ['ends early', 'end'],
    ['is reset', 'reset'],
  ] as const) {
    for (const [framing, start] of Object.entries({
      'Content-Length': 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf',
      chunks: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n',
    })) {
      test(`in ${framing} that ${how} takes the client's connection with it`, async (t) => {
        let upstreamSocket: import('node:net').Socket | undefined
        const upstream = await rawUpstream(t, (socket) => {
          upstreamSocket = socket
          socket.once('data', () => socket.write(start))
        })
        const proxy = await proxyFor(t)
        await proxy.route('/', upstream)
        const client = rawClient(t, proxy.port, 'GET / HTTP/1.1\r\nHost: h\r\n\r\n')

        await client.until(/half/)
        if (end === 'end') upstreamSocket?.end()
        else upstreamSocket?.resetAndDestroy()

        assert.doesNotMatch(await client.closed(), /\r\n0\r\n/)
      })
    }
  }

  test('to HTTP/1.0 that is cut off ends in a reset, not in an orderly end', async (t) => {
    let upstreamSocket: import('node:net').Socket | undefined
    const upstream = await rawUpstream(t, (socket) => {
      upstreamSocket = socket
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'))
    })
    const proxy = await proxyFor(t)
    await proxy.route('/', upstream)
    const client = rawClient(t, proxy.port, 'GET / HTTP/1.0\r\n\r\n')

    await client.until(/half/)
    const failure = once(client.socket, 'error')
    client.socket.on('error', () => {})
    upstreamSocket?.destroy()

    assert.equal(((await failure)[0] as NodeJS.ErrnoException).code, 'ECONNRESET')
  })
})

describe('a connection that breaks', () => {
  test('at the client ends the request at the upstream', async (t) => {
    const gone = Promise.withResolvers<void>()
    const upstream = await httpUpstream(t, (_request, response) => {
      response.write('first')
      response.on('close', () => gone.resolve())
    })
    const proxy = await proxyFor(t)
    await proxy.route('/', upstream)
    const client = rawClient(t, proxy.port, 'GET / HTTP/1.1\r\nHost: h\r\n\r\n')

    await client.until(/first/)
    client.socket.destroy()

    await gone.promise
  })

  test('at the client in mid-upload ends the request at the upstream', async (t) => {
    const gone = Promise.withResolvers<boolean>()
    const arrived = Promise.withResolvers<void>()
    const upstream = await httpUpstream(t, (request) => {
      request.once('data', () => arrived.resolve())
      request.on('error', () => {})
      request.on('close', () => gone.resolve(request.complete))
    })
    const proxy = await proxyFor(t)
    await proxy.route('/', upstream)
    const client = rawClient(t, proxy.port, 'PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf')

    await arrived.promise
    client.socket.destroy()

    assert.equal(await gone.promise, false)
  })

  test('before the head is answered with 503', async (t) => {
    const upstream = await rawUpstream(t, (socket) => socket.once('data', () => socket.destroy()))
    const proxy = await proxyFor(t)
    await proxy.route('/', upstream)

    const answer = await exchange(t, proxy.port, 'GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')

    assert.match(answer, /^HTTP\/1.1 503 Service Unavailable/)
  })

  test('idle in the pool costs a GET nothing and a POST a 503', async (t) => {
    let connections = 0
    const upstream = await rawUpstream(t, (socket) => {
      connections += 1
      let requests = 0
      socket.on('data', () => {
        requests += 1
        // The second request on a kept connection meets a server that has just decided to close it.
        if (requests > 1) socket.destroy()
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      })
    })
    const proxy = await proxyFor(t)
    await proxy.route('/', upstream)
    const get = 'GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n'

    assert.match(await exchange(t, proxy.port, get), /^HTTP\/1.1 200/)
    await turn()
    assert.match(await exchange(t, proxy.port, get), /^HTTP\/1.1 200/)
    assert.equal(connections, 2)

    const post = 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx'
    assert.match(await exchange(t, proxy.port, post), /^HTTP\/1.1 503/)
    assert.equal(connections, 2)
  })

  test('is kept for the next request otherwise', async (t) => {
    let connections = 0
    const upstream = await rawUpstream(t, (socket) => {
      connections += 1
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'))
    })
    const proxy = await proxyFor(t)
    await proxy.route('/', upstream)
    const client = rawClient(t, proxy.port)

    for (let count = 1; count <= 3; count += 1) {
      client.send('GET / HTTP/1.1\r\nHost: h\r\n\r\n')
      await client.until(new RegExp(`(ok.*){${count}}`, 's'))
      await turn()
    }

    assert.equal(connections, 1)
  })
})
