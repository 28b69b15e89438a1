import { errors } from './errors.ts'

export interface Role {
  readonly name: string
  readonly description: string
  readonly scopes: readonly string[]
}

/** The roles that every hub has. `admin` can't be redefined. */
export const roleDefaults: readonly Role[] = [
  { name: 'user', description: 'What every user may do', scopes: ['self'] },
  {
    name: 'admin',
    description: 'Everything in the hub, but not the files of users outside their servers',
    scopes: [
      'admin-ui',
      'admin:users',
      'admin:servers',
      'admin:services',
      'tokens',
      'admin:groups',
      'list:services',
      'read:services',
      'read:hub',
      'proxy',
      'shutdown',
      'access:services',
      'access:servers',
      'read:roles',
      'read:metrics',
      'shares',
    ],
  },
  {
    name: 'server',
    description: 'What a server may do with the token it is started with',
    scopes: ['users:activity!user', 'access:servers!server'],
  },
  { name: 'token', description: 'What a token may do unless it is told otherwise', scopes: ['inherit'] },
]

export const maxRoleDescription = 1023

/** Errors: ROLE_NAME_INVALID. */
export function checkRoleName(name: string): void {
  if (!/^[a-z][a-z0-9\-_~.]{1,253}[a-z0-9]$/.test(name)) throw errors.ROLE_NAME_INVALID({ name })
}
