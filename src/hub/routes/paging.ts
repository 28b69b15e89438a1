/** Lists in pages. Clients that do not ask for pages get a bare list, cut at the largest page as JupyterHub does. */
import type { FastifyRequest } from 'fastify'
import { type models, paginationMediaType } from '#api'
import type { HubContext } from '../context.ts'

export interface Window {
  readonly offset: number
  readonly limit: number
  /** The client understands the form with `items` and `_pagination`. */
  readonly paged: boolean
}

export function windowOf(
  { settings }: HubContext,
  request: FastifyRequest,
  { offset = 0, limit }: { offset?: number; limit?: number },
): Window {
  const { apiPageDefaultLimit, apiPageMaxLimit } = settings().hub
  const paged = (request.headers.accept ?? '').split(',').some((type) => type.trim() === paginationMediaType)
  const wanted = Math.abs(limit ?? (paged ? apiPageDefaultLimit : apiPageMaxLimit))
  return { offset: Math.abs(offset), limit: Math.min(Math.max(wanted, 1), apiPageMaxLimit), paged }
}

/** JSON text of a list; `items` is JSON text, too. */
export function pageJson(
  items: string,
  window: Window,
  { total, request }: { total: number; request: FastifyRequest },
) {
  if (!window.paged) return items
  return `{"items":${items},"_pagination":${JSON.stringify(pagination(window, total, request))}}`
}

function pagination({ offset, limit }: Window, total: number, request: FastifyRequest): models.Pagination {
  const next = offset + limit
  if (next >= total) return { offset, limit, total, next: null }
  const [path = '', search] = request.url.split('?', 2)
  const query = new URLSearchParams(search)
  query.set('offset', String(next))
  query.set('limit', String(limit))
  const url = `${request.protocol}://${request.host}${path}?${query}`
  return { offset, limit, total, next: { offset: next, limit, url } }
}
