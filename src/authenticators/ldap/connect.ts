/** A connection to the first directory server that answers, encrypted as the configuration says. */
import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { Client, InvalidCredentialsError } from 'ldapts'
import { messageOf } from '#base/errors.ts'
import { errors } from '../errors.ts'
import { type Options, strategyOf, urlsOf } from './options.ts'

/** Names of Python's ldap3. */
interface TlsSettings {
  readonly ca_certs_file?: string
  /** 0 or CERT_NONE: the certificate is not checked. */
  readonly validate?: number | string
  readonly ciphers?: string
}

const timeoutMs = 10_000

/** Runs `work` on a connection and closes it. Errors: DIRECTORY_UNREACHABLE. */
export async function connected<T>(options: Options, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(options)
  try {
    return await work(client)
  } finally {
    await client.unbind().catch(() => {})
  }
}

async function connect(options: Options): Promise<Client> {
  const failures: string[] = []
  for (const url of urlsOf(options)) {
    const client = new Client({ url, timeout: timeoutMs, connectTimeout: timeoutMs, ...tlsFor(options, url) })
    try {
      if (strategyOf(options) === 'before_bind') await client.startTLS(tlsOptions(options, url))
      // Connecting waits for the first question otherwise: a server that is down must not be told from a wrong password.
      else await client.search('', { scope: 'base', attributes: ['supportedLDAPVersion'] })
      return client
    } catch (error) {
      await client.unbind().catch(() => {})
      failures.push(`${url}: ${messageOf(error)}`)
    }
  }
  throw errors.DIRECTORY_UNREACHABLE({ why: failures.join('; ') || 'no server_address is set' })
}

function tlsFor(options: Options, url: string): { tlsOptions?: ConnectionOptions } {
  return strategyOf(options) === 'on_connect' ? { tlsOptions: tlsOptions(options, url) } : {}
}

function tlsOptions({ tlsKwargs }: Options, url: string): ConnectionOptions {
  const { ca_certs_file: file, validate, ciphers } = tlsKwargs as TlsSettings
  const { hostname } = new URL(url)
  return {
    rejectUnauthorized: validate !== 0 && validate !== 'CERT_NONE',
    // An address can be no server name.
    ...(/^[\d.]+$|:/.test(hostname) ? {} : { servername: hostname }),
    ...(file ? { ca: readFileSync(file) } : {}),
    ...(ciphers ? { ciphers } : {}),
  }
}

/** False for a wrong name or password. An empty password would be no proof: servers take it for nobody's. */
export async function binds(client: Client, dn: string, password: string): Promise<boolean> {
  if (dn === '' || password === '') return false
  try {
    await client.bind(dn, password)
    return true
  } catch (error) {
    if (error instanceof InvalidCredentialsError || isNoAccount(error)) return false
    throw errors.DIRECTORY_UNREACHABLE({ why: messageOf(error) }, error)
  }
}

/** A DN that can't be, or that nobody has. */
function isNoAccount(error: unknown): boolean {
  const code = (error as { code?: unknown }).code
  return code === 32 || code === 34 || code === 53
}
