/** What was found, for people and for programs. */

import { addressOf } from './checks/services.ts'
import type { Finding } from './finding.ts'
import { type Component, isReady, podsOf, proxyArguments, publicHosts, type Sight, serviceOf } from './sight.ts'

/** What the guides look at by hand: what runs, and the address. */
export interface Overview {
  readonly release: string
  readonly namespace: string
  readonly hub: Part
  readonly proxy: Part
  readonly servers: Part
  /** Where people sign in; null: it has none yet. */
  readonly address: string | null
}

interface Part {
  readonly ready: number
  readonly pods: number
  readonly images: readonly string[]
}

export function overviewOf(sight: Sight): Overview {
  const { release, namespace } = sight
  const part = (component: Component) => partOf(sight, component)
  const servers = part('singleuser-server')
  return { release, namespace, hub: part('hub'), proxy: part('proxy'), servers, address: urlOf(sight) }
}

function partOf(sight: Sight, component: Component): Part {
  const pods = podsOf(sight, component)
  const images = new Set(pods.map(({ spec }) => `${spec.containers[0]?.image ?? ''}`))
  return { ready: pods.filter(isReady).length, pods: pods.length, images: [...images].toSorted() }
}

function urlOf(sight: Sight): string | null {
  const service = serviceOf(sight, 'proxy-public')
  const [host] = publicHosts(sight)
  const address = host ?? (service && addressOf(service))
  const hasTls = proxyArguments(sight).some((arg) => /^--(ssl-key|acme-host)=/.test(arg))
  return address ? `${hasTls ? 'https' : 'http'}://${address.includes(':') ? `[${address}]` : address}` : null
}

export function asJson(sight: Sight, findings: readonly Finding[]): string {
  const told = findings.map((finding) => ({ ...finding, commands: commandsIn(finding, sight.namespace) }))
  return JSON.stringify({ ...overviewOf(sight), findings: told, unread: sight.unread }, null, 2)
}

const marks = { error: 'ERROR', warning: 'Warning', note: 'Note' }

export function asText(sight: Sight, findings: readonly Finding[]): string {
  const { release, namespace, hub, proxy, servers, address } = overviewOf(sight)
  const row = (name: string, { ready, pods, images }: Part) =>
    `  ${name.padEnd(8)} ${ready} of ${pods} ready${images.length > 0 && name !== 'servers' ? `  ${images.join(', ')}` : ''}`
  const lines = [
    `Release ${release} in the namespace ${namespace}`,
    '',
    row('hub', hub),
    row('proxy', proxy),
    row('servers', servers),
    `  address  ${address ?? 'none yet'}`,
    '',
    ...findings.flatMap((finding) => [...paragraph(finding, namespace), '']),
    verdict(findings),
    ...(sight.unread.length > 0 ? ['', 'Not looked at:', ...sight.unread.map((what) => `  ${what}`)] : []),
  ]
  return lines.join('\n')
}

function paragraph(finding: Finding, namespace: string): readonly string[] {
  const { level, code, message, hint, log } = finding
  return [
    `${marks[level]} ${code}: ${message}`,
    `  ${hint}`,
    ...commandsIn(finding, namespace).map((command) => `    ${command}`),
    ...log.map((line) => `  | ${line}`),
  ]
}

function verdict(findings: readonly Finding[]): string {
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length
  const [errors, warnings] = [count('error'), count('warning')]
  if (errors + warnings === 0) return 'Nothing is wrong.'
  const said = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`
  return `${said(errors, 'error')}, ${said(warnings, 'warning')}.`
}

/** Commands say nothing of the namespace until it is known. */
export function commandsIn({ commands }: Finding, namespace: string): readonly string[] {
  return commands.map((command) =>
    command.includes('--namespace') ? command : command.replace(/^(kubectl|helm) /, `$1 --namespace=${namespace} `),
  )
}
