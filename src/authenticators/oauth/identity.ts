/** From what a provider says to an identity. */
import type { Denial, Identity, OwnRule } from '../contract.ts'
import type { Granted } from './callback.ts'
import { claimAt, listOf, textAt, textsOf } from './claims.ts'
import type { OAuthClient, Ready } from './client.ts'
import { denied } from './denials.ts'
import { bearer, type Http, jsonRecord } from './http.ts'
import { type Options, usernameClaimOf } from './options.ts'
import { type Api, isDenial, type Model, ownRule } from './provider.ts'
import { userDataOf } from './user-data.ts'
import { transformed } from './username.ts'

/** Errors: PROVIDER_UNREACHABLE. */
export async function identityOf(client: OAuthClient, facts: Ready, granted: Granted): Promise<Identity | Denial> {
  const user = await userDataOf(client, facts, granted)
  if (isDenial(user)) return user
  const { provider, deps } = client
  const { options, http } = facts
  const { tokens, claims } = granted
  const authState = {
    ...stateOf(tokens, await extra(http, options, tokens.access_token)),
    [provider.userKey]: user,
  }
  const named = nameOf(client, facts, { userName: '', user, authState, isAdmin: null, groups: null, rules: [] })
  if (isDenial(named)) return named
  const { className, rules } = deps.own()
  const wantsGroups = rules.manageGroups || rules.allowedGroups.length > 0 || rules.adminGroups.length > 0
  const api: Api = { options, http, accessToken: tokens.access_token, className, wantsGroups }
  const model = provider.complete ? await provider.complete(named, api) : named
  if (isDenial(model)) return model
  return {
    issuer: facts.issuer,
    subject: subjectOf(client, user, claims),
    userName: model.userName,
    isAdmin: model.isAdmin,
    groups: wantsGroups ? groupsOf(client, facts, model) : null,
    attributes: { ...claims, ...model.user },
    mail: mailOf(model.user) ?? null,
    affiliations: listOf(
      model.user.eduPersonScopedAffiliation ?? model.user.eduperson_scoped_affiliation ?? model.user.affiliation,
    ).flatMap((one) => one.split(';')),
    entitlements: listOf(model.user.eduPersonEntitlement ?? model.user.eduperson_entitlement ?? model.user.entitlement),
    rules: [...scopeRule(api, model), ...model.rules],
    authState: model.authState,
    session: { id: typeof claims?.sid === 'string' ? claims.sid : null, data: { idToken: tokens.id_token ?? null } },
  }
}

function stateOf(tokens: Granted['tokens'], more: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    access_token: tokens.access_token,
    refresh_token: tokens.refresh_token ?? null,
    id_token: tokens.id_token ?? null,
    scope: textsOf(tokens.scope),
    token_response: tokens,
    ...more,
  }
}

/** What the administrator wants to know besides; a provider that does not answer leaves it out. */
async function extra(http: Http, { extraRequests }: Options, token: string): Promise<Record<string, unknown>> {
  const found = await Promise.all(
    Object.entries(extraRequests).map(async ([name, url]) => {
      const answer = await http.ask(url, { headers: bearer(token) })
      return [name, answer.status < 400 ? parsed(answer.text) : null] as const
    }),
  )
  return Object.fromEntries(found)
}

function parsed(text: string): unknown {
  return jsonRecord({ text }) ?? safeJson(text)
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function nameOf({ provider }: OAuthClient, { options }: Ready, model: Model): Model | Denial {
  const claim = usernameClaimOf(options, provider)
  const name = provider.userName ? provider.userName(model, options) : (textAt(model.user, claim) ?? '')
  if (typeof name !== 'string') return name
  if (name === '') return denied.claimMissing(claim, model.user)
  return { ...model, userName: transformed(name, options.usernameTransform, options.usernameHmacKey) }
}

/** null where nothing but the name is known. */
function subjectOf(
  { provider }: OAuthClient,
  user: Readonly<Record<string, unknown>>,
  claims: Granted['claims'],
): string | null {
  if (provider.subjectField) return textAt(user, provider.subjectField)
  return textAt(claims, 'sub') ?? textAt(user, 'sub')
}

function mailOf(user: Readonly<Record<string, unknown>>): Identity['mail'] {
  const address = textAt(user, 'email')
  const verified = user.email_verified ?? user.verified_email
  return address === null ? null : { address, isVerified: verified === true || verified === 'true' }
}

/** Sorted, each once, under the names that the hub gives them. */
function groupsOf({ provider, deps }: OAuthClient, { options }: Ready, model: Model): readonly string[] {
  const key = options.authStateGroupsKey || provider.groupsKey?.(options) || ''
  const found = key === '' ? (model.groups ?? []) : groupTexts(claimAt(model.authState, key))
  if (key !== '' && claimAt(model.authState, key) === undefined) {
    deps.log.warn({ way: deps.own().id, key }, 'No groups stand where auth_state_groups_key says')
  }
  const names = found.map((name) => (Object.hasOwn(options.groupsMap, name) ? options.groupsMap[name]! : name))
  return [...new Set(names)].sort()
}

/** The texts themselves, or of records their names. */
function groupTexts(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return listOf(value)
  return value.flatMap((one) => (typeof one === 'object' && one !== null ? (textAt(one, 'name') ?? []) : listOf([one])))
}

function scopeRule(api: Api, { authState }: Model): readonly OwnRule[] {
  const wants = api.options.allowedScopes
  const granted = new Set(textsOf(authState.scope))
  return ownRule(api, 'allowed_scopes', { wants, isMet: wants.length > 0 && wants.every((one) => granted.has(one)) })
}
