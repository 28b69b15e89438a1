/** The world of the administrator's Python, made of the file: its code, files, values and what `c` holds before. */
import type { Python } from '#hooks'
import { urlOf } from '#hooks'
import type { PythonAuthenticator, PythonCode, PythonFile } from '#python'
import { authenticatorClasses } from './authenticator-classes.ts'
import { hookSource, snippetsOf } from './code.ts'
import { chartValues } from './meaning/chart-value.ts'
import { chartTraits } from './meaning/kubernetes-chart.ts'
import { allKeys } from './schema/index.ts'
import { classes } from './traits/index.ts'
import { type MapNode, nodeAt, plain } from './yaml/tree.ts'

type Values = Readonly<Record<string, unknown>>
type ByClass = Record<string, Record<string, unknown>>

/** `root` in today's words, its code read in; null: there is no Python in it. */
export function pythonOf(root: MapNode): Python | null {
  const snippets = snippetsOf(root).filter(({ language }) => language === 'python')
  if (snippets.length === 0) return null
  const sources = snippets.map(hookSource)
  const values = valuesOf(root)
  const code: PythonCode = {
    sources: sources.map((source) => ({ url: urlOf(source), code: source.code })),
    files: filesOf(root),
    values,
    secrets: {},
    traits: traitsOf(root),
    known: knownTraits(),
    authenticators: authenticators(),
    environment: environmentOf(root),
    baseUrl: String((values.hub as Values | undefined)?.baseUrl ?? '/'),
  }
  return { sources, code }
}

function valuesOf(root: MapNode): Values {
  const defaults: Record<string, unknown> = {}
  for (const [path, key] of allKeys()) if (key.default !== undefined) put(defaults, path, key.default)
  const release = {
    Chart: { Name: 'jupyterhub', Version: '0.0.1' },
    Release: { Name: process.env.HELM_RELEASE_NAME ?? 'jupyterhub', Service: 'Helm' },
  }
  return merged({ ...defaults, ...release }, plain(root) as Values)
}

function put(target: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    target[name] = structuredClone(value)
    return
  }
  const inner = isMap(target[name]) ? (target[name] as Record<string, unknown>) : {}
  target[name] = inner
  put(inner, rest, value)
}

function merged(below: Values, above: Values): Values {
  const result: Record<string, unknown> = { ...below }
  for (const [name, value] of Object.entries(above)) {
    const old = result[name]
    result[name] = isMap(old) && isMap(value) ? merged(old, value) : value
  }
  return result
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** As z2jh's configuration fills `c`: the chart's keys, what several of them come to, then hub.config. */
function traitsOf(root: MapNode): ByClass {
  const traits: ByClass = { JupyterHub: { services: servicesOf(root) } }
  const set = (className: string, trait: string, value: unknown) => {
    traits[className] = { ...traits[className], [trait]: value }
  }
  const chart = chartValues(root)
  for (const [path, key] of allKeys()) {
    if (!key.trait) continue
    const value = chart(...path)
    const [className = '', trait = ''] = key.trait.split('.')
    if (value !== undefined && value !== null) set(className, trait, value)
  }
  for (const [trait, value] of Object.entries(chartTraits(chart))) {
    if (value !== undefined) set('KubeSpawner', trait, value)
  }
  const config = nodeAt(root, ['hub', 'config'])
  for (const [className, section] of Object.entries(config ? (plain(config) as Values) : {})) {
    for (const [trait, value] of Object.entries(isMap(section) ? section : {})) {
      if (value !== null) set(className, trait, value)
    }
  }
  return traits
}

/** As z2jh's configuration lists them. */
function servicesOf(root: MapNode): readonly unknown[] {
  const services = nodeAt(root, ['hub', 'services'])
  return Object.entries(services ? (plain(services) as Values) : {}).flatMap(([name, service]) => {
    if (!isMap(service)) return []
    const { apiToken, ...others } = service
    return [{ name, ...others, ...(apiToken ? { api_token: apiToken } : {}) }]
  })
}

function knownTraits(): ByClass {
  return Object.fromEntries(
    Object.entries(classes).map(([name, { table }]) => [
      name,
      Object.fromEntries(Object.entries(table).map(([trait, row]) => [trait, 'default' in row ? row.default : null])),
    ]),
  )
}

function authenticators(): readonly PythonAuthenticator[] {
  return authenticatorClasses.map(({ className, modules, name }) => ({
    className,
    modules,
    short: name,
    parent: classes[className]?.parents[0] ?? 'Authenticator',
  }))
}

/** Files that the chart mounts into the hub; those of the configuration folder are read as configuration. */
function filesOf(root: MapNode): readonly PythonFile[] {
  const files = nodeAt(root, ['hub', 'extraFiles'])
  if (files?.kind !== 'map') return []
  return Object.values(plain(files) as Readonly<Record<string, Values | null>>).flatMap((file) => {
    const content = contentOf(file ?? {})
    return typeof file?.mountPath === 'string' && content ? [{ path: file.mountPath, base64: content }] : []
  })
}

function contentOf({ stringData, binaryData, data }: Values): string | null {
  if (typeof binaryData === 'string') return binaryData.replace(/\s/g, '')
  const text = typeof stringData === 'string' ? stringData : data === undefined ? null : JSON.stringify(data)
  return text === null ? null : Buffer.from(text).toString('base64')
}

/** What the chart gives the hub; on one machine the parts are there, too. */
const usual: Readonly<Record<string, string>> = {
  HELM_RELEASE_NAME: 'jupyterhub',
  POD_NAMESPACE: 'default',
  HUB_SERVICE_HOST: 'hub',
  HUB_SERVICE_PORT: '8081',
  PROXY_API_SERVICE_HOST: 'proxy-api',
  PROXY_API_SERVICE_PORT: '8001',
  PROXY_PUBLIC_SERVICE_HOST: 'proxy-public',
  PROXY_PUBLIC_SERVICE_PORT: '80',
}

function environmentOf(root: MapNode): Readonly<Record<string, string>> {
  const extra = nodeAt(root, ['hub', 'extraEnv'])
  const written = extra ? plain(extra) : {}
  const entries: readonly (readonly [unknown, unknown])[] = Array.isArray(written)
    ? written.map((one) => [one?.name, one?.value])
    : Object.entries(isMap(written) ? written : {})
  const texts = entries.filter(
    ([name, value]) => typeof name === 'string' && ['string', 'number'].includes(typeof value),
  )
  const own = Object.fromEntries(texts.map(([name, value]) => [name, String(value)]))
  const hub = Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? '']))
  return { ...usual, ...hub, ...own }
}
