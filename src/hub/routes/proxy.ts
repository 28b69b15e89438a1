import { type models, routes } from '#api'
import type { Part } from './index.ts'
import { pageJson, windowOf } from './paging.ts'
import { answer, answerJson, serve } from './serve.ts'

export function proxyRoutes(part: Part): void {
  serve(part, routes.listProxyRoutes, async ({ context, query, request }) => {
    const window = windowOf(context, request, query)
    const all = [...(await part.control.proxyRoutes())].sort(([a], [b]) => (a < b ? -1 : 1))
    const page = all.slice(window.offset, window.offset + window.limit)
    const items: Record<string, models.ProxyRoute> = {}
    for (const [routespec, { target, data }] of page) items[routespec] = { routespec, target, data: { ...data } }
    return answerJson(200, pageJson(JSON.stringify(items), window, { total: all.length, request }))
  })

  serve(part, routes.checkProxyRoutes, async () => {
    await part.control.checkRoutes()
    return answer(200, null)
  })
}
