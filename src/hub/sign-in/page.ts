import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HubContext } from '../context.ts'
import { renderForStranger, sendPage } from '../pages/index.ts'
import { wantedPath } from './form.ts'

export interface SignInPage {
  readonly status?: number
  readonly username?: string
  readonly error?: string | null
  readonly hint?: string | null
  readonly notice?: string | null
}

/** The sign-in page with all ways of signing in, under the names that JupyterHub's `login.html` has. */
export async function sendSignInPage(
  context: HubContext,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  page: SignInPage = {},
): Promise<FastifyReply> {
  const { authenticators, urls } = context
  const next = wantedPath(context, request)
  const query = next === null ? '' : `?next=${encodeURIComponent(next)}`
  const loginUrl = `${urls.hub}login${query}`
  const forms = authenticators.filter(({ kind }) => kind === 'form')
  const html = await renderForStranger(request, context, 'login', {
    next: next ?? '',
    username: page.username ?? '',
    login_error: page.error ?? '',
    login_hint: page.hint ?? '',
    login_notice: page.notice ?? '',
    login_url: loginUrl,
    authenticator_login_url: loginUrl,
    authenticator: { request_otp: false, otp_prompt: '' },
    login_form: forms.length > 0,
    asks_password: forms.some(({ asksPassword }) => asksPassword),
    login_link: authenticators.some(({ kind }) => kind === 'link'),
    login_services: authenticators
      .filter(({ kind }) => kind === 'redirect')
      .map(({ service, name, signInPath }) => ({ name: service ?? name, url: `${urls.hub}${signInPath}${query}` })),
    signup_url: authenticators.some(({ signUp }) => signUp) ? `${urls.hub}signup` : '',
  })
  return sendPage(reply.header('cache-control', 'no-store'), html, page.status ?? 200)
}
