/** Every key of the chart does something: it changes an object, or the hub reads it, or it is listed here with a reason. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { loadConfig } from '../../src/config/index.ts'
import { allKeys, type Kind } from '../../src/config/schema/index.ts'
import { hubValues, noHelm, rendered } from './helm.ts'

const letsencrypt = { enabled: true, type: 'letsencrypt', hosts: ['a.test'], letsencrypt: { contactEmail: 'a@a.test' } }

/** What turns objects on. */
const everythingOn: object = {
  hub: {
    pdb: { enabled: true },
    serviceMonitor: { enabled: true },
  },
  proxy: { https: letsencrypt, chp: { pdb: { enabled: true } } },
  imagePullSecret: { create: true },
  httpRoute: { enabled: true },
  scheduling: { podPriority: { enabled: true } },
}

/** Objects of these are there only where others are not. */
const apart: Readonly<Record<string, object>> = {
  'hub.replicas': { hub: { db: { type: 'postgres', url: 'postgresql://hub@db/hub' } } },
  'proxy.https.manual': { proxy: { https: { enabled: true, type: 'manual', manual: { key: 'k', cert: 'c' } } } },
  'proxy.https.secret': { proxy: { https: { enabled: true, type: 'secret', secret: { name: 's' } } } },
  ingress: { ingress: { enabled: true } },
  'proxy.chp.pdb.minAvailable': { proxy: { chp: { pdb: { enabled: true } } } },
  'hub.deploymentStrategy.rollingUpdate': { hub: { deploymentStrategy: { type: 'RollingUpdate' } } },
  'proxy.deploymentStrategy.rollingUpdate': { proxy: { deploymentStrategy: { type: 'RollingUpdate' } } },
  'hub.pdb.minAvailable': { hub: { pdb: { enabled: true } } },
}
const isApart = (name: string) => baseOf(name, apart) !== null

/** What a switch needs to be of consequence. */
const together: Readonly<Record<string, object>> = {
  'proxy.https.enabled': { proxy: { https: { type: 'offload' } } },
  'proxy.https.type': { proxy: { https: letsencrypt } },
  'proxy.traefik.hsts': { proxy: { https: letsencrypt } },
  'imagePullSecret.create': { imagePullSecret: { username: 'u', password: 'p' } },
  'imagePullSecret.automaticReferenceInjection': { imagePullSecret: { create: true, username: 'u', password: 'p' } },
  ingress: { ingress: { enabled: true } },
  'ingress.enabled': {},
  'scheduling.podPriority.globalDefault': { scheduling: { podPriority: { enabled: true } } },
  'prePuller.pullProfileListImages': {
    singleuser: { profileList: [{ display_name: 'A', kubespawner_override: { image: 'a:1' } }] },
  },
}

/** Parts of z2jh that are not there, as docs/kubernetes.md says, and what the hub decides when it runs. */
const without: Readonly<Record<string, RegExp>> = {
  'the proxy has the certificates itself': /^proxy\.(traefik\.(?!hsts)|secretSync\.)/,
  'no hook waits for images': /^prePuller\.hook\./,
  'servers are packed by affinity, not by a scheduler of our own': /^scheduling\.userScheduler\./,
  'for parent charts': /^(enabled|global)$/,
}

const isOfChart = (name: string) => !Object.values(without).some((pattern) => pattern.test(name))

/** Users' servers are the hub's; what the chart makes of `singleuser` has tests of its own. */
const keys = [...allKeys()]
  .filter(([path, { where }]) => where === 'cluster' && path[0] !== 'singleuser' && isOfChart(path.join('.')))
  .map(([path, key], index) => ({ path, name: path.join('.'), mark: 40_000 + index, ...key }))
const marked = keys.filter(({ kind }) => !isChoice(kind))
const choices = keys.filter(({ kind }) => isChoice(kind))

describe('Every value of the chart is found in an object', { skip: noHelm }, async () => {
  const atOnce = marked.filter(({ name }) => !isApart(name))
  const text = noHelm ? '' : textOf(await rendered(atOnce.reduce(marking, everythingOn)))
  for (const { name, mark } of atOnce) test(name, () => assert.ok(text.includes(`${mark}`)))

  for (const key of marked.filter(({ name }) => isApart(name))) {
    test(key.name, async () => {
      const text = textOf(await rendered(marking(baseOf(key.name, apart)!, key)))
      assert.ok(text.includes(`${key.mark}`))
    })
  }
})

describe('Every switch and choice changes an object', { skip: noHelm }, () => {
  for (const { path, name, kind, default: fallback } of choices) {
    test(name, async () => {
      const base = baseOf(name, together) ?? {}
      const other = kind.enum?.findLast((one) => one !== fallback && one !== 'secret') ?? fallback !== true
      const [before, after] = await Promise.all([rendered(base), rendered(withValue(base, path, other))])

      assert.notEqual(textOf(after), textOf(before))
    })
  }
})

describe('The hub is given all values', { skip: noHelm }, () => {
  test('they mean there what they mean in the file', async () => {
    const written = {
      hub: { config: { JupyterHub: { authenticator_class: 'native' }, Authenticator: { admin_users: ['ana'] } } },
      singleuser: { memory: { guarantee: null, limit: '2G' }, cmd: null, profileList: [{ display_name: 'A' }] },
      cull: { maxAge: 15724800 },
      custom: { on: 'off', octal: '0666' },
    }
    const text = JSON.stringify(hubValues(await rendered(written)))

    const direct = await loadConfig({ text: JSON.stringify(written), mode: 'cluster' })
    const through = await loadConfig({ text, mode: 'cluster', isComplete: true })

    assert.deepEqual(through.problems, [])
    assert.deepEqual(through.settings, direct.settings)
  })

  test('but not what only the chart needs: keys, passwords, the content of files', async () => {
    const objects = await rendered({
      proxy: { https: { enabled: true, type: 'manual', manual: { key: 'SECRET-1', cert: 'c' } } },
      imagePullSecret: { create: true, username: 'u', password: 'SECRET-2' },
      singleuser: { extraFiles: { a: { mountPath: '/a', stringData: 'SECRET-3' } } },
    })

    assert.doesNotMatch(objects.get('Secret hub')?.stringData['values.yaml'], /SECRET/)
  })
})

/** The entry of the longest beginning of the name. */
function baseOf(name: string, entries: Readonly<Record<string, object>>): object | null {
  const matching = Object.keys(entries).filter((prefix) => name === prefix || name.startsWith(`${prefix}.`))
  return entries[matching.sort((a, b) => b.length - a.length)[0] ?? ''] ?? null
}

/** What is encoded is decoded; left out is what changes with every value: the values themselves, and their checksum. */
function textOf(objects: Awaited<ReturnType<typeof rendered>>): string {
  return JSON.stringify([...objects], (key, value) => {
    if (/^(values\.yaml|checksum\/secret)$/.test(key)) return undefined
    return /^(tls\.(key|crt)|\.dockerconfigjson)$/.test(key) ? Buffer.from(value, 'base64').toString() : value
  })
}

function withValue(base: object, path: readonly string[], value: unknown): object {
  const [name, ...rest] = path
  if (name === undefined) return value as object
  const own = (base as Record<string, object>)[name] ?? {}
  return { ...base, [name]: withValue(own, rest, value) }
}

function isChoice(kind: Kind): boolean {
  return kind.enum !== undefined || kind.type === 'boolean'
}

/** The values with one more, which its mark tells from all others. */
function marking(values: object, { path, kind, mark }: { path: readonly string[]; kind: Kind; mark: number }): object {
  return withValue(values, path, markedValue(kind, `m${mark}`, mark))
}

function markedValue(kind: Kind, text: string, number: number): unknown {
  const form = kind.anyOf?.[0] ?? kind
  if (form.properties?.mountPath || (form.additionalProperties as Kind | undefined)?.properties?.mountPath)
    return { file: { mountPath: `/${text}`, stringData: 'x' } }
  if (form.properties?.limits) return { limits: { cpu: text } }
  if (form.properties?.name) return { name: text, tag: '1' }
  switch (form.type) {
    case 'integer':
    case 'number':
      return number
    case 'array':
      return form.items ? [text] : [{ name: text, port: number }]
    case 'object': {
      const each = form.additionalProperties
      if (typeof each === 'object' && each.properties) return { other: markedValue(each, text, number) }
      return { other: typeof each === 'object' ? text : { name: text } }
    }
    default:
      return kind.format === 'url' ? `https://${text}.test/` : text
  }
}
