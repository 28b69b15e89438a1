/** Pages as HTML: the variables that every template may count on, and the choice of template and language. */

import type { FastifyRequest } from 'fastify'
import { type HimaliaError, messageOf } from '#base/errors.ts'
import { STATUS_CODES } from '#base/node-http.ts'
import type { FailureReason } from '#spawners'
import type { Caller } from '../caller.ts'
import { type HubContext, jupyterHubVersion } from '../context.ts'
import type { Server } from '../servers/contract.ts'
import { offersChoice } from '../servers/profiles.ts'
import { bareErrorPage } from './bare-error-page.ts'
import { navItems } from './navigation.ts'
import { markPage } from './policy.ts'
import { profileNames } from './profile-names.ts'
import { versionHash } from './static-files.ts'
import { chooseTemplate, renderTemplate } from './templates.ts'
import { english, type TextKey } from './texts/en.ts'
import { failureInWords } from './texts/failure-text.ts'
import { type Language, preferredLanguage, type Text, texts, textsFor } from './texts/language.ts'
import { parsedScopes } from './views/parsed-scopes.ts'
import { visibleServices } from './views/services.ts'
import { type UserView, userView } from './views/user-view.ts'

export type Variables = Readonly<Record<string, unknown>>

/** Which texts the scripts of a page need. */
const scriptTexts: Readonly<Record<string, readonly string[]>> = {
  home: ['state.', 'home.'],
  spawn_pending: ['pending.', 'failure.'],
  token: ['token.'],
  admin: ['admin.', 'state.', 'home.row-', 'home.never'],
}

/**
 * The HTML of a page. `template` is a JupyterHub template name without `.html`; the page's own variables win over
 * `template_vars`, which win over those that every page has. A broken template of the administrator is logged and
 * replaced by the stock one. Send it with `sendPage`, or as `text/html`.
 */
export async function render(
  request: FastifyRequest,
  context: HubContext,
  template: string,
  variables: Variables = {},
): Promise<string> {
  const caller = await request.caller()
  const user = caller.kind === 'user' && variables.user === undefined ? await callerView(context, caller) : null
  const { nonce } = markPage(request, context, template)
  const common = commonVariables(request, context, { caller, template })
  const all = { ...common, user, csp_nonce: nonce, ...context.settings().hub.templateVars, ...variables }
  return renderTemplate(context, `${template}.html`, all)
}

/** What an error page tells. */
export interface ErrorPage {
  readonly status: number
  /** Of the error; some have a sentence in the visitor's language, which then stands for `message`. */
  readonly code?: string | null
  /** A full sentence; null: what the status usually means. */
  readonly message?: string | null
  readonly hint?: string | null
  /** Why a server is not running, with its last log lines. */
  readonly reason?: FailureReason | null
  /** Stands in the log too. */
  readonly errorId?: string | null
}

/** The HTML of an error page, `<status>.html` if there is one. Never throws: at the worst the page is a plain one. */
export async function renderError(request: FastifyRequest, context: HubContext, error: ErrorPage): Promise<string> {
  const { status } = error
  try {
    const t = textOf(request)
    const title: string = `error.${status}`
    const explanation: string = `error.${status}-text`
    const known: string = `error.${error.code}`
    const [name = 'error'] = chooseTemplate(context, [`${status}.html`, 'error.html']).split('.html')
    return await render(request, context, name, {
      status_code: status,
      status_message: t(isKey(title) ? title : 'error.other'),
      message: isKey(known) ? t(known) : (error.message ?? null),
      message_default: isKey(explanation) ? t(explanation) : '',
      // Hints come in English only: one beside a translated sentence would be a second language on the page.
      hint: isKey(known) ? null : (error.hint ?? null),
      reason: error.reason ?? null,
      error_id: error.errorId ?? null,
    })
  } catch (cause) {
    context.log.error({ status, message: messageOf(cause) }, 'Error page could not be rendered')
    return bareErrorPage(status, STATUS_CODES[status] ?? 'Error', context.urls.hub)
  }
}

export function languageOf(request: FastifyRequest): Language {
  return preferredLanguage(request.headers['accept-language'])
}

/** The texts in the language that the browser prefers. */
export function textOf(request: FastifyRequest): Text {
  return texts[languageOf(request)]
}

/** A user with their servers, as templates know them; `compare`: with what a start now would change. */
export async function callerView(
  context: HubContext,
  caller: {
    readonly userId: number
    readonly name: string
    readonly admin: boolean
    readonly groups: readonly string[]
  },
  { compare = false }: { compare?: boolean } = {},
): Promise<UserView> {
  const listed = await context.servers.ofUser(caller.userId)
  const servers = await Promise.all(listed.map((server) => wholeServer(context, server, compare)))
  return userView({ ...caller, servers }, context.urls.base, profileNames(context.settings().profiles))
}

/** Places in the queue, and what a newer environment would change, are not worked out for lists. */
async function wholeServer({ servers }: HubContext, server: Server, compare: boolean): Promise<Server> {
  if (server.state.phase === 'queued') return (await servers.find(server.userId, server.name)) ?? server
  return compare ? servers.compared(server) : server
}

function commonVariables(
  request: FastifyRequest,
  context: HubContext,
  { caller, template }: { caller: Caller; template: string },
): Variables {
  const { base, hub } = context.urls
  const language = languageOf(request)
  const scopes = caller.kind === 'anonymous' ? noScopes : caller.scopes
  const xsrf = request.xsrfToken()
  const hash = versionHash()
  const adminAccess = scopes.has('admin-ui')
  const name = caller.kind === 'anonymous' ? null : caller.name
  return {
    brand: 'Himalia',
    own_logo: context.settings().hub.logoFile !== null,
    language,
    t: texts[language],
    t_or: textOr(texts[language]),
    in_words: (reason: FailureReason) => failureInWords(language, reason),
    base_url: hub,
    prefix: base,
    login_url: `${hub}login`,
    logout_url: `${hub}logout`,
    login_service: context.authenticators.find(({ service }) => service !== null)?.service ?? '',
    static_url: (path: string) => `${hub}static/${path}?v=${hash}`,
    version_hash: hash,
    server_version: jupyterHubVersion,
    services: visibleServices(context.settings().hub.services, scopes, base),
    expanded_scopes: scopes,
    parsed_scopes: parsedScopes(scopes),
    admin_access: adminAccess,
    nav_items: name === null ? [] : navItems(texts[language], { hub, adminAccess, template }),
    xsrf,
    xsrf_token: xsrf,
    jhdata: {
      base_url: hub,
      prefix: base,
      user: name,
      admin_access: adminAccess,
      options_form: offersChoice(context),
      xsrf_token: xsrf,
      texts: textsFor(language, scriptTexts[template] ?? []),
    },
  }
}

const noScopes: ReadonlySet<string> = new Set()

/** What to tell about an error in the visitor's language, as far as there is a text for its code. */
export function sentenceOf(t: Text, error: HimaliaError): string {
  const known: string = `error.${error.code}`
  return isKey(known) ? t(known) : error.message
}

/** The text of a code, `error.<CODE>` or `hint.<CODE>`, if the catalogues have one. */
export function textForCode(
  t: Text,
  kind: 'error' | 'hint',
  { code, facts }: { code: string; facts: Readonly<Record<string, unknown>> },
): string | null {
  const key: string = `${kind}.${code}`
  return isKey(key) ? t(key, facts) : null
}

/** For keys that are put together: the text, or what stands in its place. */
export function textOr(t: Text): (key: string, otherwise: string) => string {
  return (key, otherwise) => (isKey(key) ? t(key) : otherwise)
}

function isKey(key: string): key is TextKey {
  return Object.hasOwn(english, key)
}
