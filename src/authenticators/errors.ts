import { errorCatalog } from '#base/errors.ts'

export const errors = errorCatalog({
  AUTHENTICATOR_UNKNOWN: {
    status: 500,
    message: (d: { name: string; known: readonly string[] }) =>
      `There is no authenticator "${d.name}"; there are ${d.known.join(', ')}.`,
    hint: 'Set hub.config.JupyterHub.authenticator_class to one of them.',
  },
  PROVIDER_UNREACHABLE: {
    status: 503,
    message: (d: { host: string; why: string }) => `${d.host}, where you sign in, does not answer: ${d.why}.`,
    hint: 'Try again in a moment. If it lasts, tell an administrator of the hub.',
  },
  DIRECTORY_UNREACHABLE: {
    status: 503,
    message: (d: { why: string }) => `The directory where passwords are checked does not answer: ${d.why}.`,
    hint: 'Try again in a moment. If it lasts, tell an administrator of the hub.',
  },
  OPTION_MISSING: {
    status: 500,
    message: (d: { className: string; names: readonly string[] }) =>
      `${d.className} needs ${d.names.join(' and ')} in the configuration.`,
    hint: 'Set it below hub.config, or in the environment of the hub.',
  },
  TRANSFORM_UNKNOWN: {
    status: 500,
    message: (d: { name: string; known: readonly string[] }) =>
      `username_transform knows no "${d.name}"; it knows ${d.known.join(', ')}.`,
  },
  HMAC_KEY_MISSING: { status: 500, message: () => 'username_transform: hmac needs username_hmac_key.' },
})
