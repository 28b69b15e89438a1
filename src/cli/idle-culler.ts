/** The idle culler beside the hub, under the service name that it has in the chart. It speaks REST, as any service. */
import { createHmac } from 'node:crypto'
import { apiClient } from '#api'
import { systemClock } from '#base/clock.ts'
import type { Log } from '#base/log.ts'
import type { RoleSetting, ServiceSetting, Settings } from '#config'
import { cullerScopes, runCuller } from '#services'

const name = 'jupyterhub-idle-culler'

/** The same for all hubs that share a secret, so that none has to tell another. */
function tokenOf(secret: Buffer): string {
  return createHmac('sha256', secret).update(`service ${name}`).digest('hex')
}

/** The settings with the culler among services and roles, unless the configuration has one of its own or none at all. */
export function withCuller(settings: Settings, secret: Buffer): Settings {
  if (!isOurs(settings)) return settings
  const scopes = [...cullerScopes, ...(settings.cull.users ? ['admin:users'] : [])]
  const role: RoleSetting = {
    name,
    description: 'Stops servers that nobody uses',
    scopes,
    users: null,
    groups: null,
    services: [name],
  }
  const service: ServiceSetting = {
    name,
    admin: false,
    url: null,
    apiToken: tokenOf(secret),
    oauthClientId: null,
    oauthRedirectUri: null,
    oauthNoConfirm: false,
    oauthClientAllowedScopes: [],
    display: false,
    info: {},
  }
  const { hub } = settings
  return { ...settings, hub: { ...hub, services: [...hub.services, service], loadRoles: [...hub.loadRoles, role] } }
}

/** Runs until the signal; returns at once where culling is off or another's. `url` is the hub's API. */
export async function runIdleCuller(
  settings: () => Settings,
  own: { url: string; secret: Buffer; log: Log },
  signal: AbortSignal,
): Promise<void> {
  if (!settings().hub.services.some((service) => service.name === name && service.apiToken === tokenOf(own.secret)))
    return
  const client = apiClient({ url: own.url, token: tokenOf(own.secret) })
  await runCuller({ client, options: () => settings().cull, clock: systemClock, log: own.log }, signal)
}

function isOurs({ cull, hub }: Settings): boolean {
  return cull.enabled && !hub.services.some((service) => service.name === name)
}
