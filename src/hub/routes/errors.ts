import { errorCatalog } from '#base/errors.ts'

/** Where JupyterHub has a sentence for the case, clients may look for it: then it is the same. */
export const errors = errorCatalog({
  NOT_AUTHENTICATED: {
    status: 403,
    message: () => 'Missing or invalid credentials.',
    hint: 'Send `Authorization: token <token>`.',
  },
  SIGN_IN_DENIED: { status: 403, message: () => 'The user name or password is not right.' },
  SCOPE_MISSING: {
    status: 403,
    message: (d: { anyOf: readonly string[] }) =>
      `Action is not authorized with current scopes; requires any of [${d.anyOf.join(', ')}]`,
  },
  NO_ACCESS: { status: 404, message: () => 'No access to resources or resources not found' },
  NOT_BUILT: { status: 501, message: (d: { sentence: string }) => d.sentence },
  USER_NOT_FOUND: { status: 404, message: (d: { user: string }) => `There is no user "${d.user}".` },
  SERVER_NOT_FOUND: {
    status: 404,
    message: (d: { user: string; server: string }) => `${d.user} has no server named '${d.server}'`,
  },
  GROUP_NOT_FOUND: { status: 404, message: (d: { group: string }) => `There is no group "${d.group}".` },
  SERVICE_NOT_FOUND: { status: 404, message: (d: { service: string }) => `There is no service "${d.service}".` },
  TOKEN_NOT_FOUND: { status: 404, message: (d: { token: string }) => `No such token: ${d.token}` },
  BODY_MISSING: { status: 400, message: () => 'The request needs a body in JSON.' },
  LIST_FILTER: {
    status: 403,
    message: (d: { scope: string }) => `${d.scope} may only be filtered by user or group to list users.`,
  },
  NO_USERS_GIVEN: { status: 400, message: () => 'Must specify at least one user to create' },
  USER_NAMES_INVALID: {
    status: 400,
    message: (d: { reasons: readonly string[] }) =>
      `Invalid ${d.reasons.length === 1 ? 'username' : 'usernames'}: ${d.reasons.slice(0, 20).join(' ')}`,
  },
  ALL_USERS_EXIST: {
    status: 409,
    message: (d: { names: readonly string[] }) => `All ${d.names.length} users already exist`,
  },
  USER_EXISTS: { status: 409, message: (d: { name: string }) => `User ${d.name} already exists` },
  USER_NAME_TAKEN: {
    status: 400,
    message: (d: { name: string }) => `User ${d.name} already exists, username must be unique`,
  },
  ADMINS_ONLY: { status: 403, message: (d: { what: string }) => `Only admins may ${d.what}` },
  KEYS_NOT_CHANGEABLE: {
    status: 400,
    message: (d: { keys: readonly string[] }) => `${d.keys.join(' and ')} can't be changed here.`,
    hint: 'Change the members of a group at /groups/{group}/users, and roles in config.yaml.',
  },
  AUTH_STATE_OFF: {
    status: 400,
    message: () => 'auth_state is not kept by this hub.',
    hint: 'Set hub.config.Authenticator.enable_auth_state.',
  },
  USER_HAS_SERVERS: {
    status: 400,
    message: (d: { user: string }) => `${d.user} has a server that is running; stop it before renaming the user.`,
  },
  DELETE_SELF: { status: 400, message: () => 'Cannot delete yourself!' },
  SERVERS_STILL_STOPPING: {
    status: 400,
    message: (d: { user: string }) => `${d.user}'s server is in the process of stopping, please wait.`,
  },
  ACTIVITY_EMPTY: {
    status: 400,
    message: () => `Activity report must contain at least one of 'last_activity' or 'servers'`,
  },
  TIME_INVALID: { status: 400, message: (d: { text: string }) => `Not a valid timestamp: ${d.text}` },
  TIME_IN_FUTURE: {
    status: 400,
    message: (d: { text: string }) => `Not a valid timestamp: ${d.text} is in the future`,
    hint: 'Compare the clocks of the two machines.',
  },
  SERVERS_UNKNOWN: {
    status: 400,
    message: (d: { user: string; servers: readonly string[] }) =>
      `${d.user} has no servers named ${d.servers.join(', ')}`,
  },
  SERVER_NOT_STARTING: {
    status: 400,
    message: (d: { server: string }) => `${d.server} is not starting...`,
  },
  SERVER_FAILED: {
    status: 500,
    message: (d: { server: string; message: string }) => `Spawn failed: ${d.message}`,
  },
  SERVER_EXISTS: { status: 409, message: (d: { server: string }) => `Server ${d.server} already exists` },
  NO_CHANGE_GIVEN: {
    status: 400,
    message: () => 'At least one of name, display_name and user_options must be given.',
  },
  REMOVE_DEFAULT: { status: 400, message: () => 'Cannot delete the default server' },
  TOKEN_ROLES_AND_SCOPES: {
    status: 400,
    message: () => 'Please specify either roles or scopes, but not both.',
  },
  TOKEN_ROLE_UNKNOWN: { status: 400, message: (d: { role: string }) => `There is no role "${d.role}".` },
  TOKEN_SCOPES_NOT_HELD: {
    status: 400,
    message: (d: { scopes: readonly string[] }) =>
      `Not assigning requested scopes ${d.scopes.join(',')} not held by the owner of the token`,
  },
  TOKEN_LIFETIME: {
    status: 400,
    message: (d: { seconds: number; most: number }) =>
      `expires_in: ${d.seconds} must be between 1 and ${d.most} seconds.`,
  },
  NOTE_TOO_LONG: { status: 400, message: (d: { most: number }) => `A note has at most ${d.most} characters.` },
  GROUP_EXISTS: { status: 409, message: (d: { names: readonly string[] }) => `Groups exist: ${d.names.join(', ')}` },
  GROUP_NAME_INVALID: { status: 400, message: (d: { name: string }) => `Invalid group name: "${d.name}"` },
  USERS_UNKNOWN: { status: 400, message: (d: { names: readonly string[] }) => `No such users: ${d.names.join(', ')}` },
  GROUPS_MANAGED: { status: 400, message: () => 'Group management via API is disabled' },
  SERVICE_FROM_CONFIG: {
    status: 405,
    message: (d: { service: string }) => `Service ${d.service} is from config.yaml and can only be removed there.`,
  },
})
