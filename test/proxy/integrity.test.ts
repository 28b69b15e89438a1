/** Large bodies, many at once, over kept connections, with readers that are slow now and then: each arrives as it was sent. */
import assert from 'node:assert/strict'
import { createHash, type Hash, randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { Agent, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { httpUpstream, proxyFor, type TestProxy } from './helpers.ts'

const megabyte = 1024 ** 2
/** Random, so that a piece that is lost, doubled, cut or put elsewhere changes the hash. */
const material = randomBytes(64 * megabyte)
const kinds = ['counted', 'chunked'] as const
type Kind = (typeof kinds)[number]

interface Body {
  readonly kind: Kind
  readonly bytes: Buffer
}

/** A stretch of the material; no two are alike. */
function someBody(index: number, size: number): Body {
  const start = randomInt(material.length - size)
  return { kind: kinds[index % kinds.length] as Kind, bytes: material.subarray(start, start + size) }
}

const framing = ({ kind, bytes }: Body) => (kind === 'counted' ? { 'content-length': bytes.length } : {})

/** Writes pieces of any size, and waits where the other side is slow. */
async function writeOut(stream: ServerResponse | ReturnType<typeof request>, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + randomInt(1, 300_000))
    if (!stream.write(bytes.subarray(at, end))) await once(stream, 'drain')
    at = end
  }
  stream.end()
}

/** Reads to the end; lets the loop turn now and then with the stream at rest, so that buffers fill on the way. */
async function readIn(stream: IncomingMessage): Promise<string> {
  const hash: Hash = createHash('sha256')
  for await (const chunk of stream) {
    hash.update(chunk as Buffer)
    if (randomInt(8) === 0) for (let turns = randomInt(20); turns > 0; turns -= 1) await turn()
  }
  return hash.digest('hex')
}

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** Few connections for many calls: each carries one body after the other. */
function keptConnections(t: TestContext): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 6 })
  t.after(() => agent.destroy())
  return agent
}

async function call(
  proxy: TestProxy,
  about: { agent: Agent; path: string; body?: Body },
): Promise<{ status: number; answer: IncomingMessage }> {
  const { agent, path, body } = about
  const outgoing = request({
    agent,
    port: proxy.port,
    path,
    method: body ? 'PUT' : 'GET',
    headers: body ? framing(body) : {},
  })
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>
  if (body) await writeOut(outgoing, body.bytes)
  else outgoing.end()
  const [answer] = await answered
  return { status: answer.statusCode ?? 0, answer }
}

test('uploads, counted and chunked, arrive as they were sent', async (t) => {
  const upstream = await httpUpstream(t, (incoming, response) => {
    void readIn(incoming).then((hash) => response.end(hash))
  })
  const proxy = await proxyFor(t)
  await proxy.route('/', upstream)
  const agent = keptConnections(t)

  await Promise.all(
    Array.from({ length: 24 }, async (_none, index) => {
      const body = someBody(index, randomInt(1, 16 * megabyte))
      const { answer } = await call(proxy, { agent, path: `/${index}`, body })
      let hash = ''
      for await (const text of answer.setEncoding('utf8')) hash += text
      assert.equal(hash, digest(body.bytes), `${body.kind}, ${body.bytes.length} bytes`)
    }),
  )
})

test('downloads, counted and chunked, arrive as they were sent', async (t) => {
  const bodies = Array.from({ length: 24 }, (_none, index) => someBody(index, randomInt(1, 16 * megabyte)))
  const upstream = await httpUpstream(t, (incoming, response) => {
    const body = bodies[Number(incoming.url?.slice(1))] as Body
    response.writeHead(200, framing(body))
    void writeOut(response, body.bytes)
  })
  const proxy = await proxyFor(t)
  await proxy.route('/', upstream)
  const agent = keptConnections(t)

  await Promise.all(
    bodies.map(async (body, index) => {
      const { answer } = await call(proxy, { agent, path: `/${index}` })
      assert.equal(await readIn(answer), digest(body.bytes), `${body.kind}, ${body.bytes.length} bytes`)
    }),
  )
})

test('a file in pieces, one call each as JupyterLab sends it, is put together whole and in order', async (t) => {
  const files = new Map<string, Hash>()
  const upstream = await httpUpstream(t, (incoming, response) => {
    const path = incoming.url ?? ''
    const file = files.get(path) ?? createHash('sha256')
    files.set(path, file)
    incoming.on('data', (chunk: Buffer) => file.update(chunk))
    incoming.on('end', () => response.writeHead(201).end('{}'))
  })
  const proxy = await proxyFor(t)
  await proxy.route('/', upstream)
  const agent = keptConnections(t)

  await Promise.all(
    ['/ada', '/grace', '/lise'].map(async (path) => {
      const { bytes } = someBody(0, 40 * megabyte)
      for (let at = 0; at < bytes.length; at += megabyte) {
        const piece: Body = { kind: 'counted', bytes: bytes.subarray(at, at + megabyte) }
        const { status, answer } = await call(proxy, { agent, path, body: piece })
        assert.equal(status, 201)
        await readIn(answer)
      }
      assert.equal(files.get(path)?.digest('hex'), digest(bytes))
    }),
  )
})

test('an upload and the download of the same bytes go both ways at once', async (t) => {
  const upstream = await httpUpstream(t, (incoming, response) => {
    response.writeHead(200)
    incoming.pipe(response)
  })
  const proxy = await proxyFor(t)
  await proxy.route('/', upstream)
  const agent = keptConnections(t)

  await Promise.all(
    Array.from({ length: 6 }, async (_none, index) => {
      const { kind, bytes } = someBody(index, 24 * megabyte)
      const outgoing = request({
        agent,
        port: proxy.port,
        path: `/${index}`,
        method: 'PUT',
        headers: framing({ kind, bytes }),
      })
      const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>
      const [hash] = await Promise.all([answered.then(([answer]) => readIn(answer)), writeOut(outgoing, bytes)])
      assert.equal(hash, digest(bytes))
    }),
  )
})
