import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { BadAnswer, ResponseParser } from './response-parser.ts'

/** What the parser told, bodies joined, with how it ended. */
function read(method: string, pieces: readonly Buffer[], ended = true): unknown[] {
  const told: unknown[] = []
  let body = ''
  const parser = new ResponseParser(method, {
    information: (status, headers) => told.push(['information', status, headers]),
    head: ({ status, reason, headers, framing }) => told.push(['head', status, reason, headers, framing]),
    body: (chunk) => {
      body += chunk.toString('latin1')
    },
    end: (trailers) => told.push(['end', body, trailers]),
  })
  for (const piece of pieces) parser.write(piece)
  if (ended) parser.finish()
  return [...told, parser.done, parser.persistent, parser.keepSeconds]
}

const once = (text: string) => [Buffer.from(text, 'latin1')]

const answers: Record<string, [method: string, text: string]> = {
  'with a length': ['GET', 'HTTP/1.1 200 OK\r\nA: 1\r\nContent-Length: 5\r\n\r\nhello'],
  'with length zero': ['GET', 'HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n'],
  'without a reason': ['GET', 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n'],
  'in chunks with trailers': [
    'GET',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n5;ext="x"\r\nhello\r\n00a\r\n\r\n01234567\r\n0\r\nX-Sum: 1\r\nX-B:\r\n\r\n',
  ],
  'until the end': ['GET', 'HTTP/1.0 200 OK\r\n\r\nall of this'],
  'to HEAD': ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nKeep-Alive: timeout=7, max=9\r\n\r\n'],
  'to HEAD in chunks': ['HEAD', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'],
  'without content': ['GET', 'HTTP/1.1 204 No Content\r\nConnection: x, Close\r\n\r\n'],
  'not modified': ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 50\r\n\r\n'],
  'after hints': [
    'GET',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx',
  ],
  'with bytes beyond ASCII': ['GET', 'HTTP/1.1 200 \u00fc\r\nX: \u00e9\t\r\nContent-Length: 1\r\n\r\n\u00ff'],
}

describe('an answer', () => {
  for (const [what, [method, text]] of Object.entries(answers)) {
    test(`${what} is read the same however it is cut`, () => {
      const whole = Buffer.from(text, 'latin1')
      const expected = read(method, [whole])
      assert.ok(expected.includes(true))

      for (let cut = 1; cut < whole.length; cut += 1) {
        assert.deepEqual(read(method, [whole.subarray(0, cut), whole.subarray(cut)]), expected, `${cut}`)
      }
      assert.deepEqual(
        read(
          method,
          [...whole].map((byte) => Buffer.from([byte])),
        ),
        expected,
      )
    })

    test(`${what} that is cut off is not taken for whole`, () => {
      const whole = Buffer.from(text, 'latin1')
      const headEnd = text.startsWith('HTTP/1.0') ? text.indexOf('\r\n\r\n') + 4 : whole.length
      for (let length = 0; length < headEnd; length += 1)
        assert.throws(() => read(method, [whole.subarray(0, length)]), BadAnswer)
    })
  }

  test('keeps the order, case and duplicates of its headers', () => {
    const told = read('GET', once('HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nsEt-cookie:  b \r\nContent-Length: 0\r\n\r\n'))
    assert.deepEqual(told[0], [
      'head',
      200,
      'OK',
      ['Set-Cookie', 'a', 'sEt-cookie', 'b', 'Content-Length', '0'],
      'length',
    ])
  })
})

describe('refused is an answer with', () => {
  const head = (lines: string) => `HTTP/1.1 200 OK\r\n${lines}\r\n\r\n`
  const chunked = (body: string) => `${head('Transfer-Encoding: chunked')}${body}`
  const cases: Record<string, string> = {
    'another protocol': 'ICY 200 OK\r\n\r\n',
    'version 2': 'HTTP/2.0 200 OK\r\n\r\n',
    'a status of four digits': 'HTTP/1.1 2000 OK\r\n\r\n',
    'no status': 'HTTP/1.1 OK\r\n\r\n',
    '101 unasked': 'HTTP/1.1 101 Switching Protocols\r\n\r\n',
    'both framings': head('Content-Length: 1\r\nTransfer-Encoding: chunked'),
    'two lengths': head('Content-Length: 1\r\nContent-Length: 1'),
    'a list of lengths': head('Content-Length: 1, 1'),
    'a negative length': head('Content-Length: -1'),
    'a hexadecimal length': head('Content-Length: 0x10'),
    'a length beyond reason': head(`Content-Length: ${'9'.repeat(20)}`),
    'an unknown coding': head('Transfer-Encoding: gzip, chunked'),
    'chunked twice': head('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked'),
    'chunks in HTTP/1.0': 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'a space before the colon': head('Content-Length : 1'),
    'a folded header': head('X: 1\r\n Content-Length: 1'),
    'a header without colon': head('nothing'),
    'a header without name': head(': 1'),
    'a bare LF': head('X: 1\nContent-Length: 1'),
    'a bare CR': head('X: 1\rY: 2'),
    'a NUL': head('X: \0'),
    'a head without end': `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}`,
    'no chunk size': chunked('\r\n'),
    'a signed chunk size': chunked('+1\r\na\r\n0\r\n\r\n'),
    'a chunk size beyond reason': chunked('fffffffffffffffff\r\n'),
    'a space before the chunk size': chunked(' 1\r\na\r\n0\r\n\r\n'),
    'a chunk longer than it says': chunked('1\r\nab\r\n0\r\n\r\n'),
    'a chunk line that ends in LF alone': chunked('1\na\r\n0\r\n\r\n'),
    'a control character in an extension': chunked('1;\u0001\r\na\r\n0\r\n\r\n'),
    'an endless extension': chunked(`1;${'x'.repeat(5000)}`),
    'a trailer without name': chunked('0\r\nnothing\r\n\r\n'),
    'bytes behind it': `${head('Content-Length: 1')}aHTTP/1.1 200 OK\r\n\r\n`,
    'bytes behind 204': 'HTTP/1.1 204 No Content\r\n\r\nx',
  }
  for (const [what, text] of Object.entries(cases)) {
    test(what, () => {
      assert.throws(() => read('GET', once(text), false), BadAnswer)
    })
  }
})
