/** As the user of a kubeconfig: certificates, tokens, passwords, and programs that give tokens. */
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import type { Clock } from '#base/clock.ts'
import { messageOf } from '#base/errors.ts'
import { parse } from '#base/yaml.ts'
import { errors } from '../errors.ts'
import type { Access, Tls } from './contract.ts'
import { type ExecConfig, tokenProgram } from './exec-plugin.ts'
import { fresh } from './in-cluster.ts'

type Named<K extends string, T> = { readonly name?: string } & { readonly [key in K]?: T }

interface Config {
  readonly 'current-context'?: string
  readonly contexts?: readonly Named<'context', { cluster?: string; user?: string; namespace?: string }>[]
  readonly clusters?: readonly Named<'cluster', ClusterEntry>[]
  readonly users?: readonly Named<'user', UserEntry>[]
}

interface ClusterEntry {
  readonly server?: string
  readonly 'certificate-authority'?: string
  readonly 'certificate-authority-data'?: string
  readonly 'insecure-skip-tls-verify'?: boolean
  readonly 'tls-server-name'?: string
}

interface UserEntry {
  readonly token?: string
  readonly tokenFile?: string
  readonly username?: string
  readonly password?: string
  readonly 'client-certificate'?: string
  readonly 'client-certificate-data'?: string
  readonly 'client-key'?: string
  readonly 'client-key-data'?: string
  readonly exec?: ExecConfig
  readonly 'auth-provider'?: { readonly name?: string }
}

/** The files of `KUBECONFIG`, else kubectl's usual one. */
export function kubeconfigFiles(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const named = (env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '')
  return named.length > 0 ? named : [join(homedir(), '.kube', 'config')]
}

/** Errors: KUBE_NO_ACCESS. */
export function fromKubeconfig(files: readonly string[], clock: Clock): Access {
  const there = files.filter((file) => existsSync(file))
  if (there.length === 0) throw errors.KUBE_NO_ACCESS({ problem: `there is no ${files.join(', ')}` })
  // Of several files the first that names something wins, as kubectl merges them.
  const configs = there.map(readConfig)
  const found = <T>(look: (config: Config) => T | undefined) => {
    for (const [index, config] of configs.entries()) {
      const value = look(config)
      if (value !== undefined) return { value, folder: dirname(resolve(there[index] as string)) }
    }
    return null
  }
  const current = found((config) => config['current-context'] || undefined)?.value
  const context = found((config) => config.contexts?.find(({ name }) => name === current)?.context)?.value
  const cluster = found((config) => config.clusters?.find(({ name }) => name === context?.cluster)?.cluster)
  const user = found((config) => config.users?.find(({ name }) => name === context?.user)?.user)
  if (!cluster?.value.server) {
    throw errors.KUBE_NO_ACCESS({
      problem: `${there.join(', ')} has no cluster for the context ${current ?? '(none)'}`,
    })
  }
  const who = user?.value ?? {}
  return {
    server: cluster.value.server.replace(/\/+$/, ''),
    namespace: context?.namespace ?? 'default',
    tls: { ...clusterTls(cluster.value, cluster.folder), ...userTls(who, user?.folder ?? '') },
    authorization: authorizationOf(who, { folder: user?.folder ?? '', clock }),
  }
}

function readConfig(file: string): Config {
  try {
    // Safe: each field is looked at before it is used.
    return (parse(readFileSync(file, 'utf8')) ?? {}) as Config
  } catch (error) {
    throw errors.KUBE_NO_ACCESS({ problem: `${file} can't be read: ${messageOf(error)}` }, error)
  }
}

function clusterTls(cluster: ClusterEntry, folder: string): Tls {
  const ca = content(cluster['certificate-authority-data'], cluster['certificate-authority'], folder)
  const servername = cluster['tls-server-name']
  return {
    rejectUnauthorized: cluster['insecure-skip-tls-verify'] !== true,
    ...(ca === undefined ? {} : { ca }),
    ...(servername === undefined ? {} : { servername }),
  }
}

function userTls(user: UserEntry, folder: string): Partial<Tls> {
  const cert = content(user['client-certificate-data'], user['client-certificate'], folder)
  const key = content(user['client-key-data'], user['client-key'], folder)
  return cert === undefined || key === undefined ? {} : { cert, key }
}

function content(data: string | undefined, file: string | undefined, folder: string): string | undefined {
  if (data) return Buffer.from(data, 'base64').toString('utf8')
  return file ? readFileSync(resolve(folder, file), 'utf8') : undefined
}

function authorizationOf(
  user: UserEntry,
  { folder, clock }: { folder: string; clock: Clock },
): () => Promise<string | null> {
  const { token, tokenFile, username, password, exec } = user
  if (user['auth-provider']) {
    const problem = `the kubeconfig uses auth-provider ${user['auth-provider'].name}, which Kubernetes has given up`
    throw errors.KUBE_NO_ACCESS({ problem: `${problem}; write it as exec` })
  }
  if (tokenFile) return fresh(clock, () => `Bearer ${readFileSync(resolve(folder, tokenFile), 'utf8').trim()}`)
  if (token) return async () => `Bearer ${token}`
  if (username) return async () => `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`
  if (exec) return tokenProgram(exec, clock)
  return async () => null
}
