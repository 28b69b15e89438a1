import type { FastifyReply } from 'fastify'
import type { Server } from '../../servers/contract.ts'
import { profileNames } from '../profile-names.ts'
import { callerView, render } from '../render.ts'
import { sendPage } from '../send-page.ts'
import { spawnerView } from '../views/user-view.ts'
import type { Owner, Visit } from '../visit.ts'

export interface NotRunning {
  readonly owner: Owner
  readonly serverName: string
  readonly server: Server | null
  readonly spawnUrl: string
  readonly status: number
  /** Start by itself after so many seconds; 0: never. */
  readonly implicitSpawnSeconds?: number
}

/** The page of a server that is stopped or failed, with the reason of a failure. */
export async function showNotRunning(visit: Visit, page: NotRunning): Promise<FastifyReply> {
  const { context, request, reply, caller } = visit
  const { owner, serverName, server } = page
  const reason = server?.state.phase === 'failed' ? server.state.reason : null
  const variables = {
    user: await callerView(context, caller),
    for_user: owner,
    is_own: owner.name === caller.name,
    spawner: server && spawnerView(server, context.urls.base, profileNames(context.settings().profiles)),
    server_name: server?.displayName || serverName,
    spawn_url: page.spawnUrl,
    failed: reason !== null,
    failed_message: reason?.message ?? '',
    failed_html_message: '',
    reason,
    // A start that failed is not repeated by itself.
    implicit_spawn_seconds: reason === null ? (page.implicitSpawnSeconds ?? 0) : 0,
    auth_state: null,
  }
  return sendPage(reply, await render(request, context, 'not_running', variables), page.status)
}
