/** The registry's side of images: https://github.com/opencontainers/distribution-spec */
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { messageOf } from '#base/errors.ts'
import { errors } from '../errors.ts'
import type { Credentials } from './credentials.ts'
import { askToken, basic, parseChallenge } from './sign-in.ts'

export const mediaTypes = {
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerIndex: 'application/vnd.docker.distribution.manifest.list.v2+json',
  ociLayer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  dockerLayer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
}

type Content = NonNullable<RequestInit['body']>

export interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

export interface Manifest {
  readonly schemaVersion: 2
  readonly mediaType?: string
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
}

export interface RegistryOptions {
  readonly registry: string
  readonly credentials: Credentials | null
  readonly isInsecure: boolean
  readonly signal: AbortSignal
}

export interface Registry {
  /** Null where there is none; of an index, the one for the platform. */
  manifest(repository: string, reference: string, platform: string): Promise<Manifest | null>
  digest(repository: string, reference: string): Promise<string | null>
  json(repository: string, digest: string): Promise<unknown>
  putManifest(repository: string, reference: string, manifest: Manifest): Promise<string>
  /** Sends a blob unless it is there already. */
  putBlob(
    repository: string,
    digest: string,
    content: { readonly file: string; readonly size: number } | Buffer,
  ): Promise<'sent' | 'there'>
  /** Makes a blob of another repository of the same registry one of this. */
  mountBlob(repository: string, blob: Descriptor, from: string): Promise<void>
}

const readable = [mediaTypes.ociManifest, mediaTypes.dockerManifest, mediaTypes.ociIndex, mediaTypes.dockerIndex].join(
  ', ',
)

interface Index {
  manifests: readonly { digest: string; platform?: { os: string; architecture: string } }[]
}

export function openRegistry({ registry, credentials, isInsecure, signal }: RegistryOptions): Registry {
  const origin = `${isInsecure ? 'http' : 'https'}://${registry}`
  let authorization: string | null = null

  const fail = (why: string, cause?: unknown) => errors.REGISTRY_FAILED({ registry, why }, cause)

  async function send(url: string, init: RequestInit & { body?: Content | null } = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    if (authorization) headers.set('authorization', authorization)
    try {
      return await fetch(url, {
        ...init,
        headers,
        signal,
        ...(init.body instanceof ReadableStream && { duplex: 'half' }),
      } as RequestInit)
    } catch (error) {
      signal.throwIfAborted()
      throw fail(`it can't be reached (${messageOf((error as Error).cause ?? error)})`, error)
    }
  }

  /** `body` makes the content anew for each attempt. */
  async function request(
    path: string,
    init: Omit<RequestInit, 'body'> & { body?: () => Content } = {},
  ): Promise<Response> {
    const url = new URL(path, origin).href
    const once = () => send(url, { ...init, body: init.body?.() ?? null })
    const answer = await once()
    if (answer.status !== 401) return answer
    const challenge = parseChallenge(answer.headers.get('www-authenticate') ?? '')
    await answer.body?.cancel()
    if (challenge.scheme === 'bearer') authorization = await askToken(challenge, credentials, { signal, fail })
    else if (credentials) authorization = basic(credentials)
    else throw fail('it asks for credentials')
    const again = await once()
    if (again.status === 401 || again.status === 403)
      throw fail(credentials ? 'the credentials are not accepted, or not for this' : 'it asks for credentials')
    return again
  }

  async function expect(answer: Response, what: string, ...statuses: number[]): Promise<Response> {
    if (statuses.includes(answer.status)) return answer
    throw fail(`${what}: ${answer.status} ${(await answer.text()).slice(0, 300)}`.trim())
  }

  async function hasBlob(repository: string, digest: string): Promise<boolean> {
    const answer = await request(`/v2/${repository}/blobs/${digest}`, { method: 'HEAD' })
    return answer.status === 200
  }

  async function upload(
    repository: string,
    digest: string,
    size: number,
    body: () => Content,
    started?: Response,
  ): Promise<void> {
    const start =
      started ?? (await expect(await request(`/v2/${repository}/blobs/uploads/`, { method: 'POST' }), 'an upload', 202))
    const location = new URL(start.headers.get('location') ?? '', origin)
    await start.body?.cancel()
    location.searchParams.set('digest', digest)
    const headers = { 'content-type': 'application/octet-stream', 'content-length': String(size) }
    const answer = await expect(await request(location.href, { method: 'PUT', headers, body }), 'an upload', 201)
    await answer.body?.cancel()
  }

  const face: Registry = {
    async manifest(repository, reference, platform) {
      const answer = await request(`/v2/${repository}/manifests/${reference}`, { headers: { accept: readable } })
      if (answer.status === 404) return null
      const content = (await (await expect(answer, 'the manifest', 200)).json()) as Manifest | Index
      if (!('manifests' in content)) return content
      const [os, architecture] = platform.split('/')
      const fitting = content.manifests.find(
        (entry) => entry.platform?.os === os && entry.platform?.architecture === architecture,
      )
      return fitting ? face.manifest(repository, fitting.digest, platform) : null
    },
    async digest(repository, reference) {
      const answer = await request(`/v2/${repository}/manifests/${reference}`, {
        method: 'HEAD',
        headers: { accept: readable },
      })
      if (answer.status === 404) return null
      return (await expect(answer, 'the manifest', 200)).headers.get('docker-content-digest')
    },
    async json(repository, digest) {
      return (await expect(await request(`/v2/${repository}/blobs/${digest}`), 'a blob', 200)).json()
    },
    async putManifest(repository, reference, manifest) {
      const headers = { 'content-type': manifest.mediaType ?? mediaTypes.ociManifest }
      const body = () => JSON.stringify(manifest)
      const answer = await expect(
        await request(`/v2/${repository}/manifests/${reference}`, { method: 'PUT', headers, body }),
        'the manifest',
        201,
      )
      await answer.body?.cancel()
      return answer.headers.get('docker-content-digest') ?? ''
    },
    async putBlob(repository, digest, content) {
      if (await hasBlob(repository, digest)) return 'there'
      if (Buffer.isBuffer(content)) await upload(repository, digest, content.length, () => new Uint8Array(content))
      else
        await upload(
          repository,
          digest,
          content.size,
          () => Readable.toWeb(createReadStream(content.file)) as unknown as Content,
        )
      return 'sent'
    },
    async mountBlob(repository, blob, from) {
      if (await hasBlob(repository, blob.digest)) return
      const query = new URLSearchParams({ mount: blob.digest, from })
      const answer = await expect(
        await request(`/v2/${repository}/blobs/uploads/?${query}`, { method: 'POST' }),
        'a mount',
        201,
        202,
      )
      if (answer.status === 201) return void (await answer.body?.cancel())
      const source = await expect(await request(`/v2/${from}/blobs/${blob.digest}`), 'a blob', 200)
      const bytes = await source.arrayBuffer()
      await upload(repository, blob.digest, blob.size, () => bytes, answer)
    },
  }
  return face
}
