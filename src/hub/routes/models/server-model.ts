import type { models } from '#api'
import { isoTime } from '#base/clock.ts'
import { wireReason } from '../../http/errors.ts'
import { quoteName, serverPath } from '../../pages/views/server-path.ts'
import { pending, type Server } from '../../servers/contract.ts'
import { sees, type View } from './view.ts'

export function serverModel(server: Server, view: View): models.Server {
  const { userName, name, state } = server
  const { urls, origin } = view
  const url = serverPath(urls.base, userName, name)
  const progress = progressPath(urls.hub, userName, name)
  const fullName = `${userName}/${name}`
  const model: models.Server = {
    name,
    display_name: server.displayName,
    full_name: fullName,
    last_activity: isoTime(server.lastActivity),
    started: isoTime(server.startedAt),
    pending: pending(state),
    ready: state.phase === 'ready',
    stopped: isStopped(server),
    url,
    full_url: origin && origin + url,
    user_options: { ...server.userOptions },
    progress_url: progress,
    full_progress_url: origin && origin + progress,
  }
  if (state.phase === 'queued' && state.position > 0) model.queue_position = state.position
  if (state.phase === 'failed') model.failure = wireReason(state.reason)
  if (server.newer && server.newer.length > 0) model.newer_environment = [...server.newer]
  if (sees(view, 'admin:server_state', { kind: 'server', name: fullName })) {
    model.state = server.handle && { ...server.handle }
  }
  return model
}

/** Neither running nor on the way to it. */
export function isStopped({ state }: Server): boolean {
  return state.phase === 'stopped' || state.phase === 'failed'
}

/** The servers of one user that the view shows, by name. */
export function serverModels(servers: readonly Server[], view: View): Record<string, models.Server> {
  const shown: Record<string, models.Server> = {}
  for (const server of servers) {
    if (!view.includeStopped && isStopped(server)) continue
    if (!sees(view, 'read:servers', { kind: 'server', name: `${server.userName}/${server.name}` })) continue
    shown[server.name] = serverModel(server, view)
  }
  return shown
}

function progressPath(hub: string, userName: string, name: string): string {
  const user = `${hub}api/users/${quoteName(userName)}`
  return name === '' ? `${user}/server/progress` : `${user}/servers/${quoteName(name)}/progress`
}
