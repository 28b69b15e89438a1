import type { AuthenticatorRoute, Step, Visit } from '../../contract.ts'
import { ownMetadata } from '../metadata/own.ts'
import { entityIdOf, type Parts } from '../parts.ts'
import { largestMessage } from '../response/index.ts'
import { consumeAssertion } from './acs.ts'
import { discovery, feed } from './discovery.ts'
import { login, loginAlias } from './login.ts'
import { logout } from './logout.ts'

export { signOut } from './logout.ts'

export function routesOf(parts: Parts): readonly AuthenticatorRoute[] {
  const { paths } = parts.sp
  const maxBodyBytes = largestMessage + 16 * 1024
  return [
    { method: 'GET', path: paths.login, from: 'people', run: (visit) => login(parts, visit) },
    ...paths.aliasesOfLogin.map((path) => people(path, async (visit) => loginAlias(parts, visit))),
    people(paths.discovery, (visit) => discovery(parts, visit)),
    ...paths.acs.map(
      (path): AuthenticatorRoute => ({
        method: 'POST',
        path,
        from: 'other-sites',
        maxBodyBytes,
        run: (visit) => consumeAssertion(parts, visit, path),
      }),
    ),
    ...paths.logout.flatMap((path) =>
      (['GET', 'POST'] as const).map(
        (method): AuthenticatorRoute => ({
          method,
          path,
          from: 'other-sites',
          maxBodyBytes,
          run: (visit) => logout(parts, visit, path),
        }),
      ),
    ),
    ...(paths.localLogout === null
      ? []
      : [people(paths.localLogout, async ({ hubUrl }) => ({ kind: 'redirect', url: `${hubUrl}logout` }) as Step)]),
    ...paths.metadata.map((path) => programs(path, async (visit) => metadata(parts, visit))),
    ...paths.feed.map((path) => programs(path, (visit) => feed(parts, visit))),
  ]
}

const people = (path: string, run: (visit: Visit) => Promise<Step>): AuthenticatorRoute => ({
  method: 'GET',
  path,
  from: 'people',
  run,
})
const programs = (path: string, run: (visit: Visit) => Promise<Step>): AuthenticatorRoute => ({
  ...people(path, run),
  from: 'programs',
})

function metadata(parts: Parts, visit: Visit): Step {
  const { sp, deps } = parts
  const urls = (all: readonly string[]) => all.map((path) => visit.routeUrl(path))
  const body = ownMetadata({
    entityId: entityIdOf(parts, visit),
    keys: sp.keys,
    options: sp.options,
    now: deps.clock.now(),
    urls: { acs: urls(sp.paths.acs), logout: urls(sp.paths.logout), login: visit.routeUrl(sp.paths.login) },
  })
  return { kind: 'answer', status: 200, type: 'application/samlmetadata+xml', body }
}
