import type { FastifyRequest } from 'fastify'
import type { HubContext } from '../context.ts'
import { markPage } from './policy.ts'
import { languageOf, render, type Variables } from './render.ts'

/** A page cut at the places where the token of its visit stood. */
type Pieces = readonly string[]

const pages = new WeakMap<object, Map<string, Pieces>>()
const most = 100
const longestQuestion = 2000

/**
 * `render` for strangers, of whose visits nothing but the XSRF token, the language and `variables` goes into the page:
 * the same page is rendered once. A class that opens the sign-in page at nine asks for just one.
 */
export async function renderForStranger(
  request: FastifyRequest,
  context: HubContext,
  template: string,
  variables: Variables,
): Promise<string> {
  const caller = await request.caller()
  const { templatePaths, templateVars } = context.settings().hub
  const question = JSON.stringify([template, languageOf(request), variables])
  // Files of the administrator may change at any time, and their pages have a nonce.
  const isOwn = templatePaths.length > 0 || Object.keys(templateVars).length > 0
  if (caller.kind !== 'anonymous' || isOwn || question.length > longestQuestion)
    return render(request, context, template, variables)
  const known = pagesOf(context.settings())
  const token = request.xsrfToken()
  const pieces = known.get(question)
  if (pieces) {
    markPage(request, context, template)
    return pieces.join(token)
  }
  const html = await render(request, context, template, variables)
  if (known.size >= most) known.delete(known.keys().next().value!)
  known.set(question, html.split(token))
  return html
}

function pagesOf(settings: object): Map<string, Pieces> {
  const known = pages.get(settings) ?? new Map<string, Pieces>()
  pages.set(settings, known)
  return known
}
