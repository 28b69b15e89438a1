import type { FastifyReply } from 'fastify'
import type { HubContext } from '../context.ts'
import type { Exchange } from '../http/cookies.ts'
import { renderForStranger, sendPage, textOf } from '../pages/index.ts'
import { wantedPath } from './form.ts'
import { mountsOf } from './mounts.ts'
import { type Told, tell } from './tell.ts'
import { routePath } from './visit.ts'

export interface SignInPage {
  readonly status?: number
  readonly username?: string
  readonly problem?: Told
  readonly notice?: string | null
}

/** The sign-in page with all ways of signing in, under the names that JupyterHub's `login.html` has. */
export async function sendSignInPage(
  context: HubContext,
  { request, reply }: Exchange,
  page: SignInPage = {},
): Promise<FastifyReply> {
  const { authenticators, urls } = context
  const next = wantedPath(context, request)
  const query = next === null ? '' : `?next=${encodeURIComponent(next)}`
  const loginUrl = `${urls.hub}login${query}`
  const forms = authenticators.filter(({ kind }) => kind === 'form')
  const [form] = forms
  const t = textOf(request)
  const problem = page.problem ? tell(t, page.problem) : null
  const mounts = mountsOf(authenticators)
  const html = await renderForStranger(request, context, 'login', {
    next: next ?? '',
    username: page.username ?? '',
    login_error: problem?.sentence ?? '',
    login_hint: problem?.hint ?? '',
    login_notice: page.notice ?? '',
    login_url: loginUrl,
    authenticator_login_url: loginUrl,
    authenticator: { request_otp: form?.asksOtp != null, otp_prompt: form?.asksOtp ?? '' },
    login_form: forms.length > 0,
    login_off: authenticators.length > 0 && authenticators.every(({ kind }) => kind === 'none'),
    asks_password: forms.some(({ asksPassword }) => asksPassword),
    login_forms: forms.map(({ id, service, asksPassword, asksOtp = null }) => ({ id, service, asksPassword, asksOtp })),
    login_link: authenticators.some(({ kind }) => kind === 'link'),
    login_services: authenticators
      .filter(({ kind }) => kind === 'redirect' || kind === 'ambient')
      .map((way) => ({
        id: way.id,
        name: way.service ?? way.name,
        url:
          way.kind === 'redirect'
            ? `${routePath(context, mounts.get(way.id)!, way.signInPath!)}${query}`
            : `${urls.hub}login?way=${way.id}${query.replace('?', '&')}`,
      })),
    signup_url: authenticators.some(({ signUp }) => signUp) ? `${urls.hub}signup` : '',
  })
  return sendPage(reply.header('cache-control', 'no-store'), html, page.status ?? 200)
}
