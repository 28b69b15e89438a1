import { textAt } from '../claims.ts'
import { bearer, jsonRecord } from '../http.ts'
import { type Api, ownRule, type Provider } from '../provider.ts'

const api = 'https://api.bitbucket.org/2.0'
const mostPages = 50

export const bitbucket: Provider = {
  userKey: 'bitbucket_user',
  service: 'Bitbucket',
  env: 'BITBUCKET',
  usernameClaim: 'username',
  scope: [],
  subjectField: 'uuid',
  endpoints: () => ({
    authorizeUrl: 'https://bitbucket.org/site/oauth2/authorize',
    tokenUrl: 'https://bitbucket.org/site/oauth2/access_token',
    userdataUrl: `${api}/user`,
  }),
  async complete(model, given) {
    const wants = given.options.allowedTeams ?? []
    if (wants.length === 0) return model
    const teams = await workspaces(given)
    const isMet = wants.some((team) => teams.includes(team))
    return {
      ...model,
      authState: { ...model.authState, user_teams: teams },
      rules: ownRule(given, 'allowed_teams', { wants, isMet }),
    }
  },
}

async function workspaces({ http, accessToken, options }: Api): Promise<readonly string[]> {
  const base = options.userdataUrl ? options.userdataUrl.replace(/\/user$/, '') : api
  const names: string[] = []
  let url: string | null = `${base}/workspaces?role=member`
  for (let page = 0; url !== null && page < mostPages; page += 1) {
    const record = jsonRecord(await http.ask(url, { headers: bearer(accessToken) }))
    const values = Array.isArray(record?.values) ? record.values : []
    names.push(...values.map((one) => textAt(one, 'name')).filter((name) => name !== null))
    // On the same API only: a token goes nowhere else.
    url = typeof record?.next === 'string' && record.next.startsWith(`${base}/`) ? record.next : null
  }
  return names
}
