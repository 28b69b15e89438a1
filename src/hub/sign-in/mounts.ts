import type { Authenticator } from '#authenticators'
import type { Mount } from './visit.ts'

/** Where the routes of each way stand, by its id. */
export type Mounts = ReadonlyMap<string, Mount>

/**
 * The first that has a path has it as it always was, e.g. `/hub/oauth_callback`, so that addresses which are registered
 * elsewhere stay right; the next one that has it, too, stands below `/hub/auth/<id>/` with all of its paths.
 */
export function mountsOf(authenticators: readonly Authenticator[]): Mounts {
  const taken = new Set<string>()
  return new Map(
    authenticators.map(({ id, routes = [] }) => {
      const names = routes.map(({ method, path }) => `${method} ${path}`)
      const isFree = names.every((name) => !taken.has(name))
      if (isFree) for (const name of names) taken.add(name)
      return [id, { id, prefix: isFree ? '' : `auth/${id}/` }]
    }),
  )
}
