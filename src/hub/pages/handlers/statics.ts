/** Style sheets, scripts, pictures and the logo. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import type { HubContext } from '../../context.ts'
import { errors } from '../../http/errors.ts'
import { bootstrapDir, staticDir } from '../static-files.ts'

const logoTypes: Readonly<Record<string, string>> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
}

export function registerStatics(app: FastifyInstance, context: HubContext): void {
  const { hub } = context.urls
  app.register(async (files) => {
    // With `?v=` the address changes with the content, so it may be kept for ever.
    files.addHook('onSend', async (request, reply) => {
      const isVersioned = (request.query as { v?: unknown }).v !== undefined && reply.statusCode === 200
      reply.header('cache-control', isVersioned ? 'public, max-age=31536000, immutable' : 'no-cache')
    })
    // A folder, or a path out of the tree.
    files.setErrorHandler(async (error: { statusCode?: number }) => {
      throw error.statusCode === 403 ? errors.NOT_FOUND(undefined) : error
    })
    const options = { cacheControl: false, etag: false, index: false, decorateReply: false } as const
    await files.register(fastifyStatic, { ...options, root: staticDir, prefix: `${hub}static/` })
    const prefix = `${hub}static/components/bootstrap/dist/`
    await files.register(fastifyStatic, { ...options, root: bootstrapDir, prefix })
  })
  app.get(`${hub}logo`, async (_, reply) => {
    const own = context.settings().hub.logoFile
    const file = own !== null && (await isFile(own)) ? own : join(staticDir, 'logo.svg')
    return (
      reply
        .type(logoTypes[extname(file).toLowerCase()] ?? 'application/octet-stream')
        .header('cache-control', 'public, max-age=3600')
        // A picture with scripts inside is a page of its own when opened alone.
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
        .send(createReadStream(file))
    )
  })
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null)
  return found?.isFile() ?? false
}
