import { textAt } from '../claims.ts'
import { bearer, jsonRecord } from '../http.ts'
import { fromEnv, type Options, origin } from '../options.ts'
import { type Api, ownRule, type Provider } from '../provider.ts'

const developer = 30

/** Members of a group, or of one above it, and developers of a project may enter. */
export const gitlab: Provider = {
  userKey: 'gitlab_user',
  service: 'GitLab',
  env: 'GITLAB',
  usernameClaim: 'username',
  scope: [],
  subjectField: 'id',
  endpoints: (options) => ({
    authorizeUrl: `${site(options)}/oauth/authorize`,
    tokenUrl: `${site(options)}/oauth/token`,
    userdataUrl: `${apiOf(options)}/user`,
  }),
  async complete(model, api) {
    const { allowedGitlabGroups: groups = [], allowedProjectIds: projects = [] } = api.options
    const user = textAt(model.user, 'id') ?? ''
    const inGroup = await anyOf(groups, (group) => isMember(api, `groups/${encodeURIComponent(group)}`, user, 0))
    const inProject = await anyOf(projects, (id) =>
      isMember(api, `projects/${encodeURIComponent(id)}`, user, developer),
    )
    return {
      ...model,
      rules: [
        ...ownRule(api, 'allowed_gitlab_groups', { wants: groups, isMet: inGroup }),
        ...ownRule(api, 'allowed_project_ids', { wants: projects, isMet: inProject }),
      ],
    }
  },
}

function site({ gitlabUrl }: Options): string {
  return origin(gitlabUrl || fromEnv('GITLAB_URL') || fromEnv('GITLAB_HOST') || 'https://gitlab.com')
}

function apiOf(options: Options): string {
  const version = fromEnv('GITLAB_API_VERSION') || options.gitlabApiVersion || '4'
  return options.gitlabApi ? origin(options.gitlabApi) : `${site(options)}/api/v${version}`
}

async function isMember(
  { http, options, accessToken }: Api,
  place: string,
  user: string,
  least: number,
): Promise<boolean> {
  if (user === '') return false
  const url = `${apiOf(options)}/${place}/members/all/${encodeURIComponent(user)}`
  const answer = await http.ask(url, { headers: bearer(accessToken) })
  return answer.status === 200 && Number(jsonRecord(answer)?.access_level ?? 0) >= least
}

async function anyOf<T>(wanted: readonly T[], isMet: (one: T) => Promise<boolean>): Promise<boolean> {
  for (const one of wanted) if (await isMet(one)) return true
  return false
}
