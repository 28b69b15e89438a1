import { errorCatalog } from '#base/errors.ts'

export const errors = errorCatalog({
  ROLE_TWICE: {
    status: 500,
    message: (d: { role: string }) => `The role "${d.role}" is defined twice under hub.loadRoles.`,
    hint: 'Merge the two, or rename one.',
  },
  ROLE_FIXED: {
    status: 500,
    message: (d: { role: string }) => `What the role "${d.role}" may do can't be changed under hub.loadRoles.`,
    hint: 'Leave out its scopes and description, or define a role of another name.',
  },
  SERVICE_UNKNOWN: {
    status: 500,
    message: (d: { role: string; service: string }) =>
      `The role "${d.role}" names the service "${d.service}", which is not under hub.services.`,
    hint: 'Add the service, or correct its name in the role.',
  },
  SERVICE_TOKEN_SHORT: {
    status: 500,
    message: (d: { service: string }) => `The api_token of the service "${d.service}" has fewer than 8 characters.`,
    hint: 'Use a long random one, for example of `openssl rand -hex 32`.',
  },
  SERVICE_CLIENT_ID: {
    status: 500,
    message: (d: { service: string }) =>
      `The oauth_client_id of the service "${d.service}" must start with "service-".`,
  },
})
