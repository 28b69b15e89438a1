/** The flags: configurable-http-proxy's as far as they are supported, and a few of our own. */

interface Flag {
  readonly name: string
  readonly value: string
  readonly help: string
}

export const flags: readonly Flag[] = [
  { name: 'ip', value: 'ADDRESS', help: 'public address (default: all interfaces)' },
  { name: 'port', value: 'PORT', help: 'public port, 0 for any free one (default 8000)' },
  { name: 'api-ip', value: 'ADDRESS', help: 'address of the REST API (default 127.0.0.1)' },
  { name: 'api-port', value: 'PORT', help: 'port of the REST API (default: the public port + 1)' },
  { name: 'default-target', value: 'URL', help: 'where requests without a route of their own go' },
  {
    name: 'wait-for-default',
    value: 'MS',
    help: 'requests wait so long while the default target takes no connections (default 0)',
  },
  { name: 'error-target', value: 'URL', help: 'asked for error pages, as URL/404?url=...' },
  { name: 'state-dir', value: 'DIR', help: 'keeps the routes across restarts' },
  { name: 'pid-file', value: 'FILE', help: 'holds the process id while running' },
  { name: 'keep-alive-timeout', value: 'MS', help: 'idle time of client connections (default 5000)' },
  { name: 'drain-timeout', value: 'MS', help: 'time for open requests after SIGTERM (default 500)' },
  { name: 'ssl-key', value: 'FILE', help: 'the private key: serve https; taken up again when the file changes' },
  { name: 'ssl-cert', value: 'FILE', help: 'its certificate, with those of its issuers after it' },
  { name: 'acme-host', value: 'NAME', help: 'get a certificate for this name, from an ACME server; may be repeated' },
  { name: 'acme-email', value: 'ADDRESS', help: 'whom the ACME server writes to' },
  { name: 'acme-server', value: 'URL', help: "its directory (default: Let's Encrypt's)" },
  { name: 'acme-dir', value: 'DIR', help: 'keeps the certificates' },
  { name: 'acme-secret', value: 'NAME', help: 'keeps them in this Secret, where the proxy is a pod' },
  { name: 'ssl-ciphers', value: 'LIST', help: "for TLS 1.2 (default: current browsers')" },
  { name: 'redirect-port', value: 'PORT', help: 'a plain port that sends browsers to https' },
  { name: 'redirect-to', value: 'PORT', help: 'the port of https that browsers know (default: the public port)' },
  { name: 'hsts', value: 'VALUE', help: 'browsers shall keep to https: max-age=15724800' },
  { name: 'log-level', value: 'LEVEL', help: 'debug, info, warn, error or silent (default info)' },
]

/** Flags of configurable-http-proxy that are known but not served yet. */
export const unsupported: ReadonlySet<string> = new Set([
  ...['socket', 'ssl-ca', 'ssl-request-cert', 'ssl-reject-unauthorized', 'ssl-protocol'],
  ...['ssl-allow-rc4', 'ssl-dhparam', 'api-socket', 'api-ssl-key', 'api-ssl-cert', 'api-ssl-ca'],
  ...['api-ssl-request-cert', 'api-ssl-reject-unauthorized', 'client-ssl-key', 'client-ssl-cert', 'client-ssl-ca'],
  ...['client-ssl-request-cert', 'client-ssl-reject-unauthorized', 'error-path'],
  ...['no-x-forward', 'no-prepend-path', 'no-include-prefix', 'auto-rewrite', 'change-origin', 'protocol-rewrite'],
  ...['custom-header', 'insecure', 'host-routing', 'metrics-ip', 'metrics-port', 'metrics-socket', 'timeout'],
  ...['proxy-timeout', 'storage-backend'],
])

export const helpText = `Sends each request to the server its path belongs to. Takes configurable-http-proxy's flags and REST API.

Usage: himalia proxy [options]

${flags.map(({ name, value, help }) => `  ${`--${name} ${value}`.padEnd(28)}${help}`).join('\n')}
  ${'--help'.padEnd(28)}this text

The REST API wants the token of the environment variable CONFIGPROXY_AUTH_TOKEN, or in the file that
CONFIGPROXY_AUTH_TOKEN_FILE names. CONFIGPROXY_SSL_KEY_PASSPHRASE opens an encrypted key.

Examples:
  himalia proxy --default-target http://127.0.0.1:8081
  himalia proxy --port 80 --state-dir /var/lib/himalia/proxy --error-target http://127.0.0.1:8081/hub/error
  curl -H "Authorization: token $CONFIGPROXY_AUTH_TOKEN" -d '{"target": "http://127.0.0.1:9000"}' \\
    http://127.0.0.1:8001/api/routes/user/ada
`
