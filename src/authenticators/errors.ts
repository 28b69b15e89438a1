import { errorCatalog } from '#base/errors.ts'

export const errors = errorCatalog({
  AUTHENTICATOR_UNKNOWN: {
    status: 500,
    message: (d: { name: string; known: readonly string[] }) =>
      `There is no authenticator "${d.name}"; there are ${d.known.join(', ')}.`,
    hint: 'Set hub.config.JupyterHub.authenticator_class to one of them.',
  },
})
