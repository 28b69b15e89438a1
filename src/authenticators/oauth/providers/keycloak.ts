import { claimAt, listOf } from '../claims.ts'
import { type Model, ownRule, type Provider } from '../provider.ts'
import { generic } from './generic.ts'

/** `oidc_issuer` says the realm; roles of the realm or of the client let in and make administrators. */
export const keycloak: Provider = {
  ...generic,
  service: 'Keycloak',
  env: 'KEYCLOAK',
  usernameClaim: 'preferred_username',
  scope: ['openid', 'profile', 'email'],
  async complete(model, api) {
    const { adminRole, allowedRoles = [] } = api.options
    const roles = rolesOf(model)
    const isMet = allowedRoles.some((role) => roles.has(role))
    return {
      ...model,
      isAdmin: adminRole ? roles.has(adminRole) || null : model.isAdmin,
      rules: ownRule(api, 'allowed_roles', { wants: allowedRoles, isMet }),
    }
  },
}

function rolesOf({ user }: Model): ReadonlySet<string> {
  const clients = Object.values((user.resource_access as Record<string, unknown> | undefined) ?? {})
  const everywhere = [claimAt(user, 'realm_access.roles'), user.roles, ...clients.map((one) => claimAt(one, 'roles'))]
  return new Set(everywhere.flatMap(listOf))
}
