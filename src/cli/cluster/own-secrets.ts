/** The secrets of this hub: those that are given win over those that are kept. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Settings } from '#config'
import type { Kube } from '#kube'
import {
  authTokenKey,
  cookieSecretKey,
  keptSecrets,
  mirrorSecrets,
  type Secrets,
  serviceTokenKey,
} from './kept-secrets.ts'
import type { Release } from './release.ts'

export interface OwnSecrets {
  readonly cookieSecret: Buffer
  readonly authToken: string
  /** The settings with a token for every service, also for those that have come since the start. */
  complete(settings: Settings): Promise<Settings>
}

interface Place {
  readonly kube: () => Kube
  readonly release: Release
  /** Where the chart's own Secret is mounted. */
  readonly folder: string
}

/** Errors, also of `complete`: SECRETS_NOT_KEPT. */
export async function ownSecrets(settings: Settings, place: Place): Promise<OwnSecrets> {
  const all = await secretsFor(settings, place)
  return {
    cookieSecret: Buffer.from(all[cookieSecretKey] ?? '', 'hex'),
    authToken: all[authTokenKey] ?? '',
    complete: async (next) => withTokens(next, await secretsFor(next, place)),
  }
}

async function secretsFor(settings: Settings, { kube, release, folder }: Place): Promise<Secrets> {
  const given = { ...(await readFolder(folder)), ...givenIn(settings) }
  const wanted = [authTokenKey, cookieSecretKey, ...settings.hub.services.map(({ name }) => serviceTokenKey(name))]
  if (wanted.every((key) => given[key])) return given
  const cluster = kube()
  try {
    const kept = await keptSecrets(cluster, { name: release.objects['hub-generated'], keys: wanted, known: given })
    const all: Secrets = { ...kept, ...given }
    const services = Object.fromEntries(Object.entries(all).filter(([key]) => key.startsWith('hub.services.')))
    if (Object.keys(services).length > 0) await mirrorSecrets(cluster, release.objects.hub, services)
    return all
  } finally {
    await cluster.close()
  }
}

function givenIn({ hub, proxy }: Settings): Secrets {
  return {
    ...(hub.cookieSecret ? { [cookieSecretKey]: hub.cookieSecret } : {}),
    ...(proxy.authToken ? { [authTokenKey]: proxy.authToken } : {}),
    ...Object.fromEntries(
      hub.services.flatMap(({ name, apiToken }) => (apiToken ? [[serviceTokenKey(name), apiToken]] : [])),
    ),
  }
}

function withTokens(settings: Settings, all: Secrets): Settings {
  const services = settings.hub.services.map((service) => ({
    ...service,
    apiToken: service.apiToken ?? all[serviceTokenKey(service.name)] ?? null,
  }))
  return { ...settings, hub: { ...settings.hub, services } }
}

/** Keys of the mounted Secret that are secrets by their names. */
async function readFolder(folder: string): Promise<Secrets> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^hub\.(config|services)\./.test(name))
  const values = await Promise.all(names.map(async (name) => (await readFile(join(folder, name), 'utf8')).trim()))
  return Object.fromEntries(names.map((name, index) => [name, values[index]!]))
}
