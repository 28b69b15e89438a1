import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Authenticator } from '#authenticators'
import type { HubContext } from '../context.ts'
import { type Exchange, lastWay } from '../http/cookies.ts'
import { renderForStranger, sendPage, type Text, textOf } from '../pages/index.ts'
import { wayOf } from './authenticator-deps.ts'
import { wantedPath } from './form.ts'
import { mountsOf } from './mounts.ts'
import { type Told, tell } from './tell.ts'
import { routePath } from './visit.ts'

export interface SignInPage {
  readonly status?: number
  readonly username?: string
  /** The one that was tried, or asked for; it comes first. */
  readonly way?: string
  readonly problem?: Told
  readonly notice?: string | null
}

/** One of the ways, as the page shows it. */
interface Entry {
  readonly id: string
  readonly name: string
  /** Of a button; null: a form. */
  readonly url: string | null
  readonly asksPassword: boolean
  readonly asksOtp: string | null
  readonly isLast: boolean
  /** What was typed here, if it was here. */
  readonly username: string
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
  const t = textOf(request)
  const problem = page.problem ? tell(t, page.problem) : null
  const ways = entries(context, request, { page, query, t })
  const forms = ways.filter(({ url }) => url === null)
  const services = ways.filter(({ url }) => url !== null)
  const [form] = forms
  const [service] = services
  const html = await renderForStranger(request, context, 'login', {
    next: next ?? '',
    username: page.username ?? '',
    login_error: problem?.sentence ?? '',
    login_hint: problem?.hint ?? '',
    login_notice: page.notice ?? '',
    login_url: loginUrl,
    login_service: forms.length === 0 ? (service?.name ?? '') : '',
    authenticator_login_url: forms.length === 0 ? (service?.url ?? loginUrl) : loginUrl,
    authenticator: { request_otp: form?.asksOtp != null, otp_prompt: form?.asksOtp ?? '' },
    login_form: forms.length > 0,
    login_off: authenticators.length > 0 && authenticators.every(({ kind }) => kind === 'none'),
    asks_password: forms.some(({ asksPassword }) => asksPassword),
    login_ways: ways,
    login_forms: forms,
    login_link: authenticators.some(({ kind }) => kind === 'link'),
    login_services: services,
    signup_url: authenticators.some(({ signUp }) => signUp) ? `${urls.hub}signup` : '',
  })
  return sendPage(reply.header('cache-control', 'no-store'), html, page.status ?? 200)
}

/** In the order of the configuration, but first the one that was tried, asked for or taken last. */
function entries(
  context: HubContext,
  request: FastifyRequest,
  { page, query, t }: { page: SignInPage; query: string; t: Text },
): readonly Entry[] {
  const { authenticators } = context
  const last = lastWay(request)
  const first = page.way ?? last
  const shown = authenticators.filter(({ kind }) => kind === 'form' || kind === 'redirect' || kind === 'ambient')
  const made = shown.map((way): Entry => {
    const { id, asksPassword, asksOtp = null } = way
    const isHere = id === page.way || shown.filter(({ kind }) => kind === 'form').length === 1
    return {
      id,
      name: nameOf(context, way, t),
      url: urlOf(context, way, query),
      asksPassword,
      asksOtp,
      isLast: shown.length > 1 && id === last,
      username: isHere ? (page.username ?? '') : '',
    }
  })
  return [...made.filter(({ id }) => id === first), ...made.filter(({ id }) => id !== first)]
}

function urlOf(context: HubContext, way: Authenticator, query: string): string | null {
  if (way.kind === 'form') return null
  if (way.kind === 'ambient') return `${context.urls.hub}login?way=${way.id}${query.replace('?', '&')}`
  return `${routePath(context, mountsOf(context.authenticators).get(way.id)!, way.signInPath!)}${query}`
}

/** What the configuration calls it, else what it calls itself. */
function nameOf(context: HubContext, way: Authenticator, t: Text): string {
  const given = wayOf(context, way.id).rules.loginService
  if (given) return given
  if (way.kind !== 'form') return way.service ?? way.name
  return way.service ?? t(way.name === 'ldap' ? 'login.form.directory' : 'login.form.hub')
}
