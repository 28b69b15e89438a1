import { routes } from '#api'
import { jupyterHubVersion } from '../context.ts'
import { audit } from './audit.ts'
import type { Part } from './index.ts'
import { answer, serve } from './serve.ts'

export function hubRoutes(part: Part): void {
  serve(part, routes.getVersion, async ({ reply }) => {
    reply.header('access-control-allow-origin', '*')
    return answer(200, { version: jupyterHubVersion })
  })

  serve(part, routes.getInfo, async ({ context }) =>
    answer(200, {
      version: jupyterHubVersion,
      python: `Node.js ${process.version}`,
      sys_executable: process.execPath,
      spawner: { class: context.spawner.name, version: jupyterHubVersion },
      authenticator: {
        class: context.authenticators.map(({ name }) => name).join(', '),
        version: jupyterHubVersion,
      },
    }),
  )

  serve(part, routes.shutDown, async (call) => {
    const { proxy = call.context.settings().proxy.shouldStart, servers = call.context.settings().hub.cleanupServers } =
      call.body ?? {}
    await audit(call, { action: 'hub.shutdown', target: 'hub', detail: { proxy, servers } })
    part.control.shutDown({ proxy, servers })
    return answer(202, { message: 'Shutting down Hub' })
  })
}
