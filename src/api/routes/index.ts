import type { Route } from '../route.ts'
import * as groups from './groups.ts'
import * as hub from './hub.ts'
import * as servers from './servers.ts'
import * as services from './services.ts'
import { sharingRoutes } from './sharing.ts'
import * as tokens from './tokens.ts'
import * as users from './users.ts'

/** Every route by its name in code, e.g. `routes.startServer`. */
export const routes = { ...hub, ...users, ...servers, ...tokens, ...groups, ...services }

export const allRoutes: readonly Route[] = [...(Object.values(routes) as unknown as Route[]), ...sharingRoutes]
