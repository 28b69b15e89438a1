/**
 * No key is accepted and then ignored: with another value the settings are others, or the chart's templates read it, or
 * it stands here with a reason. (That settings are read is the matter of `read.test.ts`; that the chart's keys change an
 * object, of `test/chart/values.test.ts`.)
 */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { authenticatorClasses } from '../../src/config/authenticator-classes.ts'
import { loadConfig, type Mode, type Settings } from '../../src/config/index.ts'
import { allKeys, type Kind } from '../../src/config/schema/index.ts'
import { classes, innerClasses } from '../../src/config/traits/index.ts'

const root = join(import.meta.dirname, '..', '..')
const templates = globSync('chart/templates/**/*.{tpl,yaml,txt}', { cwd: root })
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n')

/** Where no value says anything, and why. */
const without: Readonly<Record<string, string>> = {
  global: 'Helm gives it to every chart of a parent; nothing of it is ours.',
  'hub.db.upgrade': 'the database is brought up to date by itself; who sets it is told so',
  'hub.consecutiveFailureLimit': 'the hub goes on after failed starts; who sets it is told so',
}

/** Values that only mean something in their own form. */
const written: Readonly<Record<string, unknown>> = {
  'hub.extraConfig': { a: "c.Spawner.args = ['--x']" },
  'hub.config.JupyterHub.authenticator_class': 'native',
  'hub.config.FirstUseAuthenticator.min_password_length': 9,
  'hub.config.KubeSpawner.profile_list': [{ display_name: 'A' }],
}

/** What another value needs beside it. */
const beside: Readonly<Record<string, object>> = {
  'hub.db.url': { hub: { db: { type: 'postgres' } } },
  'hub.db.password': { hub: { db: { type: 'postgres', url: 'postgresql://hub@database/hub' } } },
  'hub.db.type': { hub: { db: { url: 'postgresql://hub@database/hub' } } },
  'singleuser.storage.static': { singleuser: { storage: { type: 'static', static: { pvcName: 'homes' } } } },
  'imagePullSecret.automaticReferenceInjection': { imagePullSecret: { create: true } },
  'singleuser.cloudMetadata.ip': { singleuser: { cloudMetadata: { blockWithIptables: true } } },
}

async function settingsWith(values: object, mode: Mode): Promise<Settings | string> {
  const { settings, problems } = await loadConfig({ text: JSON.stringify(values), mode })
  return settings ?? problems.map(({ message }) => message).join(' ')
}

for (const [path, { kind, where }] of allKeys()) {
  const name = path.join('.')
  if (name in without || (where === 'cluster' && path[0] !== 'singleuser' && path[0] !== 'imagePullSecrets')) continue
  test(`${name} makes a difference`, async () => {
    const results = await differences(besideOf(name), path, kind)
    assert.ok(
      results.includes(true) || isRendered(path),
      `no difference: ${results.filter((one) => one !== false).join(' ')}`,
    )
  })
}

/** For every value that the key may have: whether it changes the settings, or what is wrong with it. */
function differences(base: object, path: readonly string[], kind: Kind): Promise<readonly (boolean | string)[]> {
  const name = path.join('.')
  const tries = name in written ? [written[name]] : valuesOf(kind, name)
  return Promise.all(
    (['cluster', 'local'] as const).flatMap((mode) =>
      tries.map(async (other) => {
        const [before, after] = await Promise.all([
          settingsWith(base, mode),
          settingsWith(withValue(base, path, other), mode),
        ])
        return typeof after === 'string' ? after : !isDeepStrictEqual(before, after)
      }),
    ),
  )
}

/** Whether a template reads the section that the key is in, and in it this name. */
function isRendered(path: readonly string[]): boolean {
  const at = path.findLastIndex(
    (_, index) => index > 0 && templates.includes(`.Values.${path.slice(0, index + 1).join('.')}`),
  )
  return at > 0 && path.slice(at + 1).every((name) => new RegExp(`\\.${name}\\b`).test(templates))
}

function besideOf(name: string): object {
  const found = Object.keys(beside).find((one) => name === one || name.startsWith(`${one}.`))
  return found === undefined ? {} : beside[found]!
}

function withValue(base: object, path: readonly string[], value: unknown): object {
  const [name, ...rest] = path
  if (name === undefined) return value as object
  return { ...base, [name]: withValue((base as Record<string, object>)[name] ?? {}, rest, value) }
}

const formats: Readonly<Record<string, string>> = {
  bytes: '3G',
  cpu: '3',
  quantity: '3Gi',
  url: 'https://hub.example.org/',
  'base-path': '/lab/',
  regex: 'a+',
  address: '192.0.2.1',
}

function valuesOf(kind: Kind, name: string): readonly unknown[] {
  if (kind.anyOf) return kind.anyOf.flatMap((one) => valuesOf(one, name))
  if (kind.enum) return kind.enum
  switch (kind.type) {
    case 'boolean':
      return [true, false]
    case 'integer':
    case 'number':
      return [Math.max(kind.minimum ?? 0, 7)]
    case 'array':
      return kind.items ? valuesOf(kind.items, name).map((one) => [one]) : [[{ name: 'a', key: 'k' }]]
    case 'object': {
      const fields = Object.entries(kind.properties ?? {}).map(([field, one]) => [field, valuesOf(one, field)[0]])
      if (fields.length > 0) return [Object.fromEntries(fields)]
      const each = kind.additionalProperties
      return [{ other: typeof each === 'object' ? valuesOf(each, name)[0] : { x: 1 } }]
    }
    default:
      return [formats[kind.format ?? ''] ?? `other-${'ab'.repeat(32)}`]
  }
}

describe('Traits', () => {
  for (const [className, { table }] of Object.entries({ ...classes, ...innerClasses })) {
    for (const [name, row] of Object.entries(table)) {
      if (row.state !== 'works' && row.state !== 'cluster') continue
      if (className in innerClasses) continue
      test(`hub.config.${className}.${name} makes a difference`, async () => {
        const results = await differences(authenticatorOf(className), ['hub', 'config', className, name], row.kind)
        assert.ok(results.includes(true), `no difference: ${results.filter((one) => one !== false).join(' ')}`)
      })
    }
  }
})

/** Of classes that others are made from, one that is. */
const made: Readonly<Record<string, string>> = { Authenticator: 'native', OAuthenticator: 'generic-oauth' }

/** A class's traits count where it is the way of signing in. */
function authenticatorOf(className: string): object {
  const own = authenticatorClasses.find((one) => one.className === className)
  const chosen = own?.name ?? made[className] ?? null
  return chosen === null ? {} : { hub: { config: { JupyterHub: { authenticator_class: chosen } } } }
}
