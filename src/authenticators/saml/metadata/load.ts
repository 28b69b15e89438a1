/** Reads one source whole: fetch or open, verify, make a catalog. Runs in a worker for all that may be large. */
import { createReadStream, createWriteStream, renameSync, rmSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import type { Millis } from '#base/clock.ts'
import { messageOf } from '#base/errors.ts'
import { verificationKey } from '../security/keys.ts'
import { CatalogBuilder, type CatalogData } from './catalog.ts'
import { metadataErrors as errors } from './errors.ts'
import { type MetadataSummary, readMetadata } from './read-stream.ts'
import type { UrlSource, WholeSource } from './sources.ts'

export interface LoadRequest {
  readonly source: WholeSource
  readonly now: Millis
  readonly skewMs: Millis
  readonly blocked: readonly string[]
  /** What the last answer said about itself, so that an unchanged one need not come again. */
  readonly etag: string | null
  /** Take the copy on disk instead of asking. */
  readonly fromBackingFile: boolean
}

export interface Loaded {
  readonly kind: 'loaded'
  readonly data: CatalogData
  readonly summary: MetadataSummary
  readonly etag: string | null
}

export type LoadOutcome = Loaded | { readonly kind: 'unchanged' }

/** As much as any federation has, five times over. */
const mostMegabytes = 500
const fetchMs = 300_000

/** Errors: METADATA_UNREACHABLE, METADATA_TOO_LARGE and all that reading it may throw. */
export async function loadSource(request: LoadRequest): Promise<LoadOutcome> {
  const { source } = request
  if (source.kind === 'content') return read([Buffer.from(source.text)], request, null)
  if (source.kind === 'file') return read(await openFile(source.path), request, null)
  if (request.fromBackingFile) return read(await openFile(source.backingFile!), request, null)
  return download(source, request)
}

async function download(source: UrlSource, request: LoadRequest): Promise<LoadOutcome> {
  const headers = {
    accept: 'application/samlmetadata+xml, application/xml;q=0.8, */*;q=0.1',
    ...(request.etag !== null && { 'if-none-match': request.etag }),
  }
  const response = await fetchMetadata(source.url, headers)
  if (response.status === 304) return { kind: 'unchanged' }
  if (!response.ok || !response.body)
    throw errors.METADATA_UNREACHABLE({ source: source.url, why: `HTTP ${response.status}` })
  const etag = response.headers.get('etag')
  if (source.backingFile === null) return read(limited(response.body, source.url), request, etag)
  const part = `${source.backingFile}.${process.pid}.part`
  const copy = createWriteStream(part, { mode: 0o600 })
  try {
    const loaded = await read(copied(limited(response.body, source.url), copy), request, etag)
    copy.end()
    await finished(copy)
    // Only what was found good takes the place of the last good copy.
    renameSync(part, source.backingFile)
    return loaded
  } catch (error) {
    copy.destroy()
    rmSync(part, { force: true })
    throw error
  }
}

/** Errors: METADATA_UNREACHABLE. */
export async function fetchMetadata(url: string, headers: Record<string, string>): Promise<Response> {
  try {
    return await fetch(url, { headers, redirect: 'follow', signal: AbortSignal.timeout(fetchMs) })
  } catch (cause) {
    const why = messageOf((cause as Error).cause ?? cause)
    throw errors.METADATA_UNREACHABLE({ source: url, why }, cause)
  }
}

async function read(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { source, now, skewMs, blocked }: LoadRequest,
  etag: string | null,
): Promise<Loaded> {
  const builder = new CatalogBuilder()
  const summary = await readMetadata(chunks, {
    keys: source.certificates?.map(verificationKey) ?? null,
    blocked,
    now,
    skewMs,
    maxValidityMs: source.maxValidityMs,
    found: (provider) => builder.add(provider),
  })
  return { kind: 'loaded', data: builder.data(), summary, etag }
}

async function openFile(path: string): Promise<AsyncIterable<Uint8Array>> {
  try {
    await stat(path)
  } catch (cause) {
    throw errors.METADATA_UNREACHABLE({ source: path, why: messageOf(cause) }, cause)
  }
  return createReadStream(path, { highWaterMark: 256 * 1024 })
}

async function* limited(body: AsyncIterable<Uint8Array>, source: string): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > mostMegabytes * 1024 ** 2) throw errors.METADATA_TOO_LARGE({ source, megabytes: mostMegabytes })
    yield chunk
  }
}

async function* copied(chunks: AsyncIterable<Uint8Array>, copy: NodeJS.WritableStream): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    if (!copy.write(chunk)) await new Promise((resolve) => copy.once('drain', resolve))
    yield chunk
  }
}
