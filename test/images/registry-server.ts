/** A registry in this process, as small as the specification allows: blobs and manifests in memory, uploads, mounts, sign-in. */
import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface TestRegistry extends AsyncDisposable {
  /** `127.0.0.1:40001` */
  readonly host: string
  readonly blobs: Map<string, Buffer>
  /** `repository:reference` → content and media type */
  readonly manifests: Map<string, { body: Buffer; type: string }>
  /** `PUT /v2/…`, in order. */
  readonly requests: string[]
}

type SignIn = 'none' | 'basic' | 'token'

export async function startRegistry({ signIn = 'none' }: { signIn?: SignIn } = {}): Promise<TestRegistry> {
  const blobs = new Map<string, Buffer>()
  const manifests: TestRegistry['manifests'] = new Map()
  const requests: string[] = []
  const owned = new Set<string>()
  const uploads = new Map<string, Buffer>()

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.writeHead(500).end(String(error)))
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>))
    if (url.pathname === '/token') {
      const isKnown = request.headers.authorization === `Basic ${Buffer.from('ana:secret').toString('base64')}`
      response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' })
      return void response.end(JSON.stringify({ token: `for ${url.searchParams.get('scope')}` }))
    }
    if (!isAllowed(request, response, url)) return
    requests.push(`${request.method} ${url.pathname}`)
    const [, repository = '', kind, rest = ''] = /^\/v2\/(.+)\/(blobs|manifests)\/(.*)$/.exec(url.pathname) ?? []
    if (kind === 'manifests') return manifest(request, response, { name: `${repository}:${rest}`, repository, body })
    if (kind === 'blobs') return blob(request, response, { repository, rest, url, body })
    response.writeHead(url.pathname === '/v2/' ? 200 : 404).end()
  }

  function isAllowed(request: IncomingMessage, response: ServerResponse, url: URL): boolean {
    const given = request.headers.authorization ?? ''
    if (signIn === 'none' || (signIn === 'basic' ? given.startsWith('Basic ') : given.startsWith('Bearer for ')))
      return true
    const repository = /^\/v2\/(.+)\/(?:blobs|manifests)\//.exec(url.pathname)?.[1] ?? ''
    const bearer = `Bearer realm="http://${request.headers.host}/token",service="test",scope="repository:${repository}:pull,push"`
    response.writeHead(401, { 'www-authenticate': signIn === 'basic' ? 'Basic realm="test"' : bearer }).end()
    return false
  }

  function manifest(
    request: IncomingMessage,
    response: ServerResponse,
    { name, repository, body }: { name: string; repository: string; body: Buffer },
  ): void {
    if (request.method === 'PUT') {
      const entry = { body, type: request.headers['content-type'] ?? '' }
      const digest = digestOf(body)
      manifests.set(name, entry).set(`${repository}:${digest}`, entry)
      return void response.writeHead(201, { 'docker-content-digest': digest, location: request.url }).end()
    }
    const found = manifests.get(name)
    if (!found) return void response.writeHead(404).end()
    const headers = {
      'content-type': found.type,
      'docker-content-digest': digestOf(found.body),
      'content-length': found.body.length,
    }
    response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : found.body)
  }

  function blob(
    request: IncomingMessage,
    response: ServerResponse,
    { repository, rest, url, body }: { repository: string; rest: string; url: URL; body: Buffer },
  ): void {
    const place = `/v2/${repository}/blobs`
    if (request.method === 'POST') {
      const [mount, from] = [url.searchParams.get('mount'), url.searchParams.get('from')]
      if (mount && owned.has(`${from}@${mount}`)) {
        owned.add(`${repository}@${mount}`)
        return void response.writeHead(201, { location: `${place}/${mount}` }).end()
      }
      const id = randomUUID()
      uploads.set(id, Buffer.alloc(0))
      return void response.writeHead(202, { location: `${place}/uploads/${id}`, range: '0-0' }).end()
    }
    const id = rest.replace('uploads/', '')
    if (request.method === 'PATCH') {
      uploads.set(id, Buffer.concat([uploads.get(id) ?? Buffer.alloc(0), body]))
      return void response
        .writeHead(202, { location: `${place}/uploads/${id}`, range: `0-${(uploads.get(id)?.length ?? 1) - 1}` })
        .end()
    }
    if (request.method === 'PUT') {
      const content = Buffer.concat([uploads.get(id) ?? Buffer.alloc(0), body])
      const digest = digestOf(content)
      if (digest !== url.searchParams.get('digest')) return void response.writeHead(400).end('DIGEST_INVALID')
      blobs.set(digest, content)
      owned.add(`${repository}@${digest}`)
      return void response.writeHead(201, { location: `${place}/${digest}` }).end()
    }
    const content = owned.has(`${repository}@${rest}`) ? blobs.get(rest) : undefined
    if (!content) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-length': content.length }).end(request.method === 'HEAD' ? undefined : content)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    blobs,
    manifests,
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

const digestOf = (content: Buffer) => `sha256:${createHash('sha256').update(content).digest('hex')}`
