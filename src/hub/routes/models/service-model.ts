import { type models, serviceFields } from '#api'
import type { ServiceRow } from '#store'
import { fieldsSeen, type View } from './view.ts'

export type ServiceFacts = ServiceRow & { readonly roles: readonly string[] }

/** Null when the view shows nothing of it. */
export function serviceModel(service: ServiceFacts, view: View): models.Service | null {
  const fields = fieldsSeen(view, serviceFields)({ kind: 'service', name: service.name })
  if (fields.size === 0) return null
  const all: Required<models.Service> = {
    kind: 'service',
    name: service.name,
    admin: service.admin,
    roles: [...service.roles],
    url: service.url,
    prefix: `${view.urls.base}services/${encodeURIComponent(service.name)}/`,
    // The hub runs no services itself.
    command: [],
    pid: 0,
    info: { ...service.info },
    display: service.display,
  }
  return Object.fromEntries(Object.entries(all).filter(([field]) => fields.has(field as never))) as models.Service
}
