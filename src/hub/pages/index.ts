/** The pages that people see. */
import formbody from '@fastify/formbody'
import type { FastifyInstance } from 'fastify'
import type { HubContext } from '../context.ts'
import { registerAdmin } from './handlers/admin.ts'
import { registerEntrance } from './handlers/entrance.ts'
import { registerHome } from './handlers/home.ts'
import { registerProxyErrors } from './handlers/proxy-errors.ts'
import { registerSpawn } from './handlers/spawn.ts'
import { registerSpawnPending } from './handlers/spawn-pending.ts'
import { registerStatics } from './handlers/statics.ts'
import { registerTokens } from './handlers/tokens.ts'
import { registerUserServer } from './handlers/user-server.ts'
import { addPageHeaders } from './policy.ts'

export { landingPath } from './handlers/entrance.ts'
export { renderForStranger } from './page-memory.ts'
export { type ErrorPage, languageOf, render, renderError, textForCode, textOf, type Variables } from './render.ts'
export { sendPage } from './send-page.ts'
export type { Text } from './texts/language.ts'

/** All pages but sign-in, sign-out, sign-up and consent, whose handlers live elsewhere and use `render`. */
export function registerPages(app: FastifyInstance, context: HubContext): void {
  addPageHeaders(app, context)
  app.register(async (pages) => {
    if (!pages.hasContentTypeParser('application/x-www-form-urlencoded')) await pages.register(formbody)
    registerHome(pages, context)
    registerSpawn(pages, context)
    registerSpawnPending(pages, context)
    registerTokens(pages, context)
    registerAdmin(pages, context)
    registerUserServer(pages, context)
    registerProxyErrors(pages, context)
    registerStatics(pages, context)
    registerEntrance(pages, context)
  })
}
