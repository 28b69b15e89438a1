import type { Provider } from '../provider.ts'

export const generic: Provider = {
  userKey: 'oauth_user',
  service: 'OAuth 2.0',
  env: 'OAUTH',
  usernameClaim: 'username',
  scope: [],
  endpoints: () => ({ authorizeUrl: '', tokenUrl: '', userdataUrl: '' }),
  groupsKey: ({ claimGroupsKey }) => `oauth_user.${process.env.OAUTH2_GROUPS_KEY || claimGroupsKey || 'groups'}`,
}
