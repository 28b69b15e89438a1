import { errorCatalog } from '#base/errors.ts'

type Named = { name: string }

/** What can go wrong around the proxy itself; answers to proxied requests are in `pages/`. */
export const errors = errorCatalog({
  PROXY_ROUTE_PATH_INVALID: {
    status: 400,
    message: ({ path, problem }: { path: string; problem: string }) => `The route path ${path} ${problem}.`,
    hint: 'Name a route as /segment/segment, percent-encoded, without empty or dot segments.',
  },
  PROXY_TARGET_INVALID: {
    status: 400,
    message: ({ problem }: { problem: string }) => `The target ${problem}.`,
    hint: 'A target is http://host:port, https://host:port or http+unix://%2Fpath%2Fto%2Fsocket, with an optional path.',
  },
  PROXY_BODY_INVALID: {
    status: 400,
    message: ({ problem }: { problem: string }) => problem,
  },
  PROXY_BODY_TOO_LARGE: {
    status: 413,
    message: ({ limit }: { limit: number }) => `The body is larger than ${limit} bytes.`,
  },
  PROXY_TIMESTAMP_INVALID: {
    status: 400,
    message: ({ value }: { value: string }) => `Invalid datestamp '${value}' must be ISO8601.`,
  },
  PROXY_STATE_NOT_WRITABLE: {
    status: 500,
    message: ({ file }: { file: string }) => `The routes can't be written to ${file}, so the change was not made.`,
    hint: 'Look for a full disk or missing permissions in the state directory.',
  },
  PROXY_ADDRESS_UNUSABLE: {
    status: 500,
    message: ({ what, ip, port, why }: { what: string; ip: string; port: number; why: string }) =>
      `The ${what} can't listen on ${ip || 'all interfaces'} port ${port}: ${why}.`,
    hint: 'Stop what uses the port, or choose another one with --port and --api-port.',
  },
  PROXY_CERTIFICATE_UNREADABLE: {
    status: 500,
    message: ({ file, why }: { file: string; why: string }) => `${file} can't be used for https: ${why}.`,
    hint: 'A key and a certificate, each in a file in PEM form, are named by --ssl-key and --ssl-cert.',
  },
  PROXY_CERTIFICATE_MISMATCH: {
    status: 500,
    message: ({ key, cert }: { key: string; cert: string }) =>
      `The certificate in ${cert} was not made for the private key in ${key}.`,
    hint: "The server's own certificate comes first in its file, those of its issuers after it.",
  },
  PROXY_CERTIFICATE_EXPIRED: {
    status: 500,
    message: ({ cert, at }: { cert: string; at: string }) => `The certificate in ${cert} has expired: ${at}.`,
    hint: 'Renew it; browsers would refuse to come in.',
  },
  PROXY_NO_CLUSTER: {
    status: 500,
    message: ({ name }: Named) => `Certificates can't be kept in the Secret ${name}: this proxy is in no cluster.`,
    hint: 'Use --acme-dir.',
  },
  PROXY_FLAG_NEEDS: {
    status: 400,
    message: ({ name, needs }: Named & { needs: string }) => `${name} needs ${needs}, too.`,
  },
  PROXY_API_UNPROTECTED: {
    status: 500,
    message: ({ ip }: { ip: string }) =>
      `The REST API would be open to everybody who reaches ${ip || 'any interface'}: it has no token.`,
    hint: 'Set CONFIGPROXY_AUTH_TOKEN, or keep the API on 127.0.0.1.',
  },
  PROXY_FLAG_UNKNOWN: { status: 400, message: ({ name }: Named) => `There is no flag ${name}.` },
  PROXY_FLAG_UNSUPPORTED: {
    status: 400,
    message: ({ name }: Named) => `configurable-http-proxy's flag ${name} is not supported here yet.`,
    hint: 'Start without it, or use configurable-http-proxy for now.',
  },
  PROXY_FLAG_VALUE: {
    status: 400,
    message: ({ name, expected, value }: Named & { expected: string; value: string }) =>
      `${name} takes ${expected}, not "${value}".`,
  },
})
