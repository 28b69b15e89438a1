import { errorCatalog } from '#base/errors.ts'

export const errors = errorCatalog({
  RELEASE_UNKNOWN: {
    status: 500,
    message: (d: { file: string; why: string }) =>
      `What the chart says of its release, ${d.file}, can't be read: ${d.why}.`,
    hint: '`himalia hub` runs in the pod that the Helm chart makes; elsewhere it is `himalia start`.',
  },
  SECRETS_NOT_KEPT: {
    status: 500,
    message: (d: { name: string; why: string }) =>
      `The Secret ${d.name}, which keeps what hub and proxies share, can't be read or made. ${d.why}`,
    hint: 'The account needs rights to it (rbac.create), or proxy.secretToken and hub.cookieSecret must be given.',
  },
  OTHER_DATABASE: {
    status: 500,
    message: (d: { file: string }) =>
      `The volume holds the database of a JupyterHub, ${d.file}, and none of Himalia's. Importing it is not built yet.`,
    hint:
      'To go back: helm rollback. To begin with no users, and leave that file as it is: hub.extraEnv.HIMALIA_NEW_DATABASE ' +
      'set to "yes". Homes and running servers are not touched by either.',
  },
})
