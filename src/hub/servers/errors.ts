import { errorCatalog } from '#base/errors.ts'

export const errors = errorCatalog({
  HOOK_TOO_LATE: {
    status: 500,
    message: (d: { trait: string }) =>
      `A hook of this hub (preSpawn) changes ${d.trait}, which is settled before it runs.`,
    hint: 'Tell the administrator: singleuser.overrides can change it.',
  },
  PROFILES_UNUSABLE: {
    status: 500,
    message: (d: { problem: string }) => `The profiles that a hook of this hub gives can't be used: ${d.problem}`,
    hint: 'Tell the administrator: it is the hook profileList.',
  },
  SERVER_ALREADY_RUNNING: {
    status: 400,
    message: (d: { server: string }) => `${d.server} is already running.`,
    hint: 'Stop it first, or switch its environment.',
  },
  SERVER_STOPPING: {
    status: 400,
    message: (d: { server: string }) => `${d.server} is pending stop.`,
    hint: 'Wait until it has stopped, then start it again.',
  },
  SERVER_EXISTS: { status: 409, message: (d: { server: string }) => `${d.server} already exists.` },
  SERVER_ACTIVE: {
    status: 400,
    message: (d: { server: string }) => `${d.server} is active.`,
    hint: 'Stop it first.',
  },
  SERVER_UNKNOWN: { status: 404, message: (d: { server: string }) => `${d.server} does not exist.` },
  USER_UNKNOWN: { status: 404, message: (d: { userId: number }) => `There is no user with the id ${d.userId}.` },
  OPTIONS_INVALID: { status: 400, message: (d: { reason: string }) => `Invalid user options: ${d.reason}.` },
  PROFILE_UNUSABLE: {
    status: 500,
    message: (d: { key: string; expected: string }) => `The profile's ${d.key} must be ${d.expected}.`,
    hint: 'Ask the administrator to correct singleuser.profileList in config.yaml.',
  },
  NAMED_SERVERS_OFF: {
    status: 400,
    message: (_: Record<string, never>) => 'Named servers are not enabled.',
    hint: 'An administrator can set hub.config.JupyterHub.allow_named_servers.',
  },
  NAMED_SERVER_LIMIT: {
    status: 400,
    message: (d: { user: string; limit: number }) =>
      `User ${d.user} already has the maximum of ${d.limit} named servers.`,
    hint: 'Delete one of them first.',
  },
  SERVER_NAME_INVALID: {
    status: 400,
    message: (d: { name: string }) => `"${d.name}" can't be the name of a server.`,
    hint: 'Take 1 to 30 lower-case letters, digits and single hyphens, a letter first.',
  },
  DISPLAY_NAME_INVALID: {
    status: 400,
    message: (d: { reason: string }) => `The display name ${d.reason}.`,
    hint: 'Take 1 to 255 printable characters without spaces at the ends or in a row.',
  },
  ACTIVE_SERVER_LIMIT: {
    status: 429,
    message: (_: Record<string, never>) => 'Active user limit exceeded. Try again in a few minutes.',
  },
})
