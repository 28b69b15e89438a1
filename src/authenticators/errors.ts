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
  HEADERS_OF_THIS_MACHINE: {
    status: 500,
    message: (d: { className: string; address: string }) =>
      `${d.className} would believe headers that come from this machine (${d.address}), where the servers of users run, too: any of them could sign in as anybody.`,
    hint:
      'Set proxy_secret there and let the web server send it as X-Himalia-Proxy-Secret, or name its address in ' +
      'trusted_proxies if it is another machine; trust_this_machine: true if no user has a program here.',
  },
  JWT_KEY_UNREADABLE: {
    status: 500,
    message: (d: { file: string; why: string }) => `The certificate ${d.file} of tokens can't be read: ${d.why}.`,
    hint: 'JSONWebTokenAuthenticator.signing_certificate names a file with a certificate or a public key (PEM).',
  },
  PASSWORDS_NOT_IMPORTED: {
    status: 500,
    message: (d: { file: string }) =>
      `${d.file} holds passwords that this hub does not know yet: anybody could take the names of those users.`,
    hint: 'Take them over with `himalia user import`, as the page of FirstUseAuthenticator says, then move the file away.',
  },
  PASSWORDS_UNSAFE: { status: 500, message: (d: { why: string }) => d.why },
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
