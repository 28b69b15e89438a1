import { textAt, textsOf } from '../claims.ts'
import { bearer, jsonList } from '../http.ts'
import { fromEnv, type Options, origin } from '../options.ts'
import { type Api, type Model, ownRule, type Provider } from '../provider.ts'

const accept = { accept: 'application/vnd.github+json' }

/** Organisations and teams are asked for one after the other, as the original does: rate limits count requests at once. */
export const github: Provider = {
  userKey: 'github_user',
  service: 'GitHub',
  env: 'GITHUB',
  usernameClaim: 'login',
  scope: [],
  subjectField: 'id',
  endpoints: (options) => ({
    authorizeUrl: `${site(options)}/login/oauth/authorize`,
    tokenUrl: `${site(options)}/login/oauth/access_token`,
    userdataUrl: `${apiOf(options)}/user`,
  }),
  async complete(model, api) {
    const wants = api.options.allowedOrganizations ?? []
    const withMail = await addMail(model, api)
    const withTeams = api.options.populateTeamsInAuthState ? await addTeams(withMail, api) : withMail
    const isMet = await isMemberOfAny(wants, withTeams, api)
    return { ...withTeams, rules: ownRule(api, 'allowed_organizations', { wants, isMet }) }
  },
}

function site({ githubUrl }: Options): string {
  const host = fromEnv('GITHUB_HOST')
  const fromHost = host && `${fromEnv('GITHUB_HTTP') ? 'http' : 'https'}://${host}`
  return origin(githubUrl || fromEnv('GITHUB_URL') || fromHost || 'https://github.com')
}

function apiOf(options: Options): string {
  if (options.githubApi) return origin(options.githubApi)
  return site(options) === 'https://github.com' ? 'https://api.github.com' : `${site(options)}/api/v3`
}

/** The profile hides an address that its owner keeps private. */
async function addMail(model: Model, { http, options, accessToken }: Api): Promise<Model> {
  const granted = new Set(textsOf(model.authState.scope))
  if (model.user.email || !(granted.has('user') || granted.has('user:email'))) return model
  const list = jsonList(
    await http.ask(`${apiOf(options)}/user/emails`, { headers: { ...accept, ...bearer(accessToken) } }),
  )
  const primary = list.find((one) => (one as { primary?: boolean }).primary)
  const email = textAt(primary, 'email')
  return email === null
    ? model
    : withUser(model, { ...model.user, email, email_verified: (primary as { verified?: boolean }).verified })
}

const mostPages = 50

async function addTeams(model: Model, { http, options, accessToken }: Api): Promise<Model> {
  const teams: unknown[] = []
  let url: string | null = `${apiOf(options)}/user/teams?per_page=100`
  for (let page = 0; url !== null && page < mostPages; page += 1) {
    const answer = await http.ask(url, { headers: { ...accept, ...bearer(accessToken) } })
    teams.push(...jsonList(answer))
    url = nextPage(answer.headers.get('link'), apiOf(options))
  }
  return { ...model, authState: { ...model.authState, teams } }
}

/** On the same API only: a token goes nowhere else. */
function nextPage(link: string | null, api: string): string | null {
  const next = /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1]
  return next?.startsWith(`${api}/`) ? next : null
}

async function isMemberOfAny(wants: readonly string[], model: Model, api: Api): Promise<boolean> {
  const userName = encodeURIComponent(model.userName.toLowerCase())
  for (const wanted of wants) {
    const [org = '', team] = wanted.split(':').map(encodeURIComponent)
    const place = team === undefined ? `orgs/${org}/members` : `orgs/${org}/teams/${team}/members`
    const { status } = await api.http.ask(`${apiOf(api.options)}/${place}/${userName}`, {
      headers: { ...accept, ...bearer(api.accessToken) },
    })
    if (status === 204) return true
  }
  return false
}

function withUser(model: Model, user: Model['user']): Model {
  return { ...model, user, authState: { ...model.authState, github_user: user } }
}
