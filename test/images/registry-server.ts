/** A registry in this process, as small as the specification allows: blobs in files, manifests in memory, uploads, mounts, sign-in. */
import { createHash, randomUUID } from 'node:crypto'
import {
  createReadStream,
  createWriteStream,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

export interface TestRegistry extends AsyncDisposable {
  /** `127.0.0.1:40001` */
  readonly host: string
  blob(digest: string): Buffer
  /** `repository:reference` → content and media type */
  readonly manifests: Map<string, { body: Buffer; type: string }>
  /** `PUT /v2/…`, in order. */
  readonly requests: string[]
}

type SignIn = 'none' | 'basic' | 'token'

export async function startRegistry({ signIn = 'none' }: { signIn?: SignIn } = {}): Promise<TestRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'himalia-registry-'))
  const fileOf = (digest: string) => join(folder, digest.replace(':', '-'))
  const manifests: TestRegistry['manifests'] = new Map()
  const requests: string[] = []
  const owned = new Set<string>()

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.writeHead(500).end(String(error)))
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    if (url.pathname === '/token') {
      const isKnown = request.headers.authorization === `Basic ${Buffer.from('ana:secret').toString('base64')}`
      response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' })
      return void response.end(JSON.stringify({ token: `for ${url.searchParams.get('scope')}` }))
    }
    if (!isAllowed(request, response, url)) return
    requests.push(`${request.method} ${url.pathname}`)
    const [, repository = '', kind, rest = ''] = /^\/v2\/(.+)\/(blobs|manifests)\/(.*)$/.exec(url.pathname) ?? []
    if (kind === 'manifests') return manifest(request, response, { name: `${repository}:${rest}`, repository })
    if (kind === 'blobs') return blob(request, response, { repository, rest, url })
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

  async function manifest(
    request: IncomingMessage,
    response: ServerResponse,
    { name, repository }: { name: string; repository: string },
  ): Promise<void> {
    if (request.method === 'PUT') {
      const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>))
      const entry = { body, type: request.headers['content-type'] ?? '' }
      const digest = digestOf(body)
      manifests.set(name, entry).set(`${repository}:${digest}`, entry)
      return void response.writeHead(201, { 'docker-content-digest': digest, location: request.url }).end()
    }
    const found = manifests.get(name)
    if (!found) return void response.writeHead(404).end()
    const length = found.body.length
    const headers = {
      'content-type': found.type,
      'docker-content-digest': digestOf(found.body),
      'content-length': length,
    }
    response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : found.body)
  }

  async function blob(
    request: IncomingMessage,
    response: ServerResponse,
    { repository, rest, url }: { repository: string; rest: string; url: URL },
  ): Promise<void> {
    const place = `/v2/${repository}/blobs`
    const upload = join(folder, rest.replace('uploads/', ''))
    if (request.method === 'POST') {
      const [mount, from] = [url.searchParams.get('mount'), url.searchParams.get('from')]
      if (mount && owned.has(`${from}@${mount}`)) {
        owned.add(`${repository}@${mount}`)
        return void response.writeHead(201, { location: `${place}/${mount}` }).end()
      }
      const id = randomUUID()
      writeFileSync(join(folder, id), '')
      return void response.writeHead(202, { location: `${place}/uploads/${id}`, range: '0-0' }).end()
    }
    if (request.method === 'PATCH' || request.method === 'PUT') {
      await pipeline(request, createWriteStream(upload, { flags: 'a' }))
      if (request.method === 'PATCH') {
        const range = `0-${statSync(upload).size - 1}`
        return void response.writeHead(202, { location: `${place}/${rest}`, range }).end()
      }
      const hash = createHash('sha256')
      await pipeline(createReadStream(upload), hash)
      const digest = `sha256:${hash.digest('hex')}`
      if (digest !== url.searchParams.get('digest')) return void response.writeHead(400).end('DIGEST_INVALID')
      renameSync(upload, fileOf(digest))
      owned.add(`${repository}@${digest}`)
      return void response.writeHead(201, { location: `${place}/${digest}` }).end()
    }
    if (!owned.has(`${repository}@${rest}`)) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-length': statSync(fileOf(rest)).size })
    if (request.method === 'HEAD') return void response.end()
    await pipeline(createReadStream(fileOf(rest)), response)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    blob: (digest) => readFileSync(fileOf(digest)),
    manifests,
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => {
          rmSync(folder, { recursive: true, force: true })
          resolve()
        })
      }),
  }
}

const digestOf = (content: Buffer) => `sha256:${createHash('sha256').update(content).digest('hex')}`
