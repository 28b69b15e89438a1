import type { ServiceSetting } from '#config'
import { quoteName } from './server-path.ts'

export interface ServiceView {
  readonly name: string
  readonly href: string
  readonly url: string
  readonly prefix: string
  readonly admin: boolean
  readonly info: Readonly<Record<string, unknown>>
}

/** The services that the menu offers: shown ones with a page, which the scopes give access to. */
export function visibleServices(
  services: readonly ServiceSetting[],
  scopes: ReadonlySet<string>,
  base: string,
): readonly ServiceView[] {
  return services.flatMap(({ name, url, display, admin, info }) => {
    const mayOpen = scopes.has('access:services') || scopes.has(`access:services!service=${name}`)
    if (url === null || !display || !mayOpen) return []
    const prefix = `${base}services/${quoteName(name)}/`
    return [{ name, url, prefix, href: prefix, admin, info }]
  })
}
