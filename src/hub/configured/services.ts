import type { ServiceSetting } from '#config'
import {
  allServices,
  assignRole,
  chosenRounds,
  createToken,
  type Database,
  deleteService,
  findToken,
  hashToken,
  newSalt,
  saveOauthClient,
  saveService,
} from '#store'
import { errors } from './errors.ts'
import type { Configured } from './index.ts'

/** Services of the file exist with their token and OAuth client; those it no longer names are gone. */
export async function applyServices({ store, settings, clock }: Configured): Promise<void> {
  const wanted = settings.hub.services
  for (const service of wanted) check(service)
  await store.transaction(async (db) => {
    const names = new Set(wanted.map(({ name }) => name))
    for (const { id, name, from_config } of await allServices(db)) {
      if (from_config && !names.has(name)) await deleteService(db, id)
    }
    for (const service of wanted) await applyService(db, service, { now: clock.now(), base: settings.hub.baseUrl })
  })
}

function check({ name, apiToken, oauthClientId }: ServiceSetting): void {
  if (apiToken !== null && apiToken.length < 8) throw errors.SERVICE_TOKEN_SHORT({ service: name })
  if (oauthClientId !== null && !oauthClientId.startsWith('service-')) throw errors.SERVICE_CLIENT_ID({ service: name })
}

async function applyService(db: Database, service: ServiceSetting, own: { now: number; base: string }): Promise<void> {
  const { name, admin, url, display, info, apiToken } = service
  const { id } = await saveService(db, { name, admin, url, display, info, fromConfig: true })
  if (admin) await assignRole(db, { role: 'admin', holder: 'service', id })
  if (apiToken === null) return
  await ensureToken(db, { serviceId: id, secret: apiToken, now: own.now })
  if (url === null && service.oauthRedirectUri === null) return
  await saveOauthClient(db, {
    identifier: service.oauthClientId ?? `service-${name}`,
    description: `Service ${name}`,
    secretHash: hashToken(apiToken, chosenRounds, newSalt()),
    redirectUri: service.oauthRedirectUri ?? `${own.base}services/${name}/oauth_callback`,
    allowedScopes: [`access:services!service=${name}`, ...service.oauthClientAllowedScopes],
    serviceId: id,
  })
}

/** The token of the file works, and one that it no longer holds does not. */
async function ensureToken(db: Database, own: { serviceId: number; secret: string; now: number }): Promise<void> {
  const known = await findToken(db, own.secret, own.now)
  await db
    .deleteFrom('api_tokens')
    .where('service_id', '=', own.serviceId)
    .where('note', '=', fromFile)
    .$if(known !== null, (query) => query.where('id', '!=', known?.id ?? 0))
    .execute()
  if (known) return
  await createToken(db, { ...own, scopes: ['inherit'], note: fromFile, rounds: chosenRounds })
}

const fromFile = 'From the configuration'
