import { scopeFilters } from '#access'
import { type models, routes } from '#api'
import { allServices, findService, rolesOfService, type ServiceRow } from '#store'
import type { HubContext } from '../context.ts'
import { errors } from './errors.ts'
import type { Part } from './index.ts'
import { type ServiceFacts, serviceModel } from './models/service-model.ts'
import { answer, serve } from './serve.ts'
import { viewOf } from './view-of.ts'

export function serviceRoutes(part: Part): void {
  serve(part, routes.listServices, async ({ context, caller }) => {
    const filters = scopeFilters(caller.scopes, 'list:services')
    const rows = await allServices(context.store.db)
    const visible = filters === 'all' ? rows : rows.filter(({ name }) => filters.services.includes(name))
    const view = await viewOf(context, caller)
    const body: Record<string, models.Service> = {}
    for (const row of visible) {
      const model = serviceModel(await factsOf(context, row), view)
      if (model) body[row.name] = model
    }
    return answer(200, body)
  })

  serve(part, routes.getService, async ({ context, caller, params }) => {
    const service = await factsOf(context, await serviceNamed(context, params.service))
    const model = serviceModel(service, await viewOf(context, caller))
    if (!model) throw errors.NO_ACCESS(undefined)
    return answer(200, model)
  })

  serve(part, routes.deleteService, async ({ context, params }) => {
    const { name } = await serviceNamed(context, params.service)
    throw errors.SERVICE_FROM_CONFIG({ service: name })
  })
}

/** Errors: SERVICE_NOT_FOUND. */
async function serviceNamed({ store }: HubContext, name: string): Promise<ServiceRow> {
  const service = await findService(store.db, name)
  if (!service) throw errors.SERVICE_NOT_FOUND({ service: name })
  return service
}

async function factsOf({ store }: HubContext, row: ServiceRow): Promise<ServiceFacts> {
  return { ...row, roles: (await rolesOfService(store.db, row.id)).map(({ name }) => name) }
}
