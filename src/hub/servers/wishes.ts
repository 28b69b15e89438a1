/** What users ask for, written down. Nothing here starts or stops anything. */
import {
  addServerEvent,
  admitServers,
  countActiveServers,
  createServer,
  type Database,
  describeServer,
  findServer,
  groupsOf,
  type ServerRow,
  serverById,
  serversOfUser,
  type UserRow,
  userById,
  wishRunning,
  wishStopped,
} from '#store'
import { authState } from '../auth-state.ts'
import type { ServerChanges, StartWish } from './contract.ts'
import { type ServersDeps, serverTopic, wishTopic } from './deps.ts'
import { errors } from './errors.ts'
import { checkDisplayName, checkServerName, fullName } from './names.ts'
import { type Picker, resolveOptions, resolveStoredOptions } from './options.ts'
import { profilesFor } from './profiles.ts'

const activePhases: readonly string[] = ['queued', 'starting', 'waiting', 'routing', 'ready', 'stopping']

export async function wishStart(
  deps: ServersDeps,
  wish: StartWish,
  { replace = false }: { replace?: boolean },
): Promise<ServerRow> {
  const { store } = deps
  const picker = await pickerOf(deps, wish.userId)
  const { row, changed } = await store.transaction(async (db) => {
    const user = await knownUser(db, wish.userId)
    const known = await findServer(db, wish.userId, wish.serverName)
    if (known && !shallStart(known, { replace })) return { row: known, changed: [] }
    const userOptions = optionsOf(picker, { wish, known })
    const server = known ?? (await newServer(db, deps, { user, wish }))
    if (!activePhases.includes(server.phase)) await checkActiveLimit(db, deps)
    if (known) await redescribe(db, { wish, known })
    await wishRunning(db, { id: server.id, userOptions, now: deps.clock.now() })
    await tellRequested(db, deps, server)
    const limit = deps.settings().hub.concurrentSpawnLimit
    const admitted = await admitServers(db, { limit, now: deps.clock.now() })
    return { row: (await serverById(db, server.id))!, changed: [...new Set([server.id, ...admitted])] }
  })
  publish(deps, changed)
  return row
}

function publish(deps: ServersDeps, ids: readonly number[]): void {
  for (const id of ids) {
    deps.store.notices.publish(wishTopic, id)
    deps.store.notices.publish(serverTopic, id)
  }
}

/** False: it is on its way up already. Errors: SERVER_ALREADY_RUNNING, SERVER_STOPPING. */
function shallStart(row: ServerRow, { replace }: { replace: boolean }): boolean {
  const server = fullName(row.user_name, row.name)
  if (replace || !activePhases.includes(row.phase)) return true
  if (row.desired === 'running') {
    if (row.phase === 'ready') throw errors.SERVER_ALREADY_RUNNING({ server })
    return false
  }
  // A failed run is cleaned up for a moment; nobody asked for that stop.
  if (row.phase === 'stopping' && row.failure !== null && !row.remove_when_stopped) return true
  throw errors.SERVER_STOPPING({ server })
}

async function knownUser(db: Database, userId: number): Promise<UserRow> {
  const user = await userById(db, userId)
  if (!user) throw errors.USER_UNKNOWN({ userId })
  return user
}

/** Asked before the transaction: a hook may take its time. */
async function pickerOf(deps: ServersDeps, userId: number): Promise<Picker> {
  const { db } = deps.store
  const { name, admin } = await knownUser(db, userId)
  const groups = await groupsOf(db, userId)
  const state = () => authState({ ...deps, cookieSecret: deps.secret }, userId)
  return { profiles: await profilesFor(deps, { name, admin, groups, userId, authState: state }), groups }
}

function optionsOf(
  picker: Picker,
  { wish, known }: { wish: StartWish; known: ServerRow | null },
): Readonly<Record<string, unknown>> {
  if (wish.userOptions) return resolveOptions(wish.userOptions, picker).userOptions
  return resolveStoredOptions(known?.user_options ?? {}, picker).userOptions
}

/** Errors: NAMED_SERVERS_OFF, SERVER_NAME_INVALID, NAMED_SERVER_LIMIT, DISPLAY_NAME_INVALID. */
async function newServer(
  db: Database,
  deps: ServersDeps,
  { user, wish }: { user: UserRow; wish: StartWish },
): Promise<ServerRow> {
  const { allowNamedServers, namedServerLimitPerUser: limit } = deps.settings().hub
  const { serverName: name } = wish
  if (name !== '') {
    if (!allowNamedServers) throw errors.NAMED_SERVERS_OFF({})
    checkServerName(name)
    const named = (await serversOfUser(db, user.id)).filter((server) => server.name !== '')
    if (limit > 0 && named.length >= limit) throw errors.NAMED_SERVER_LIMIT({ user: user.name, limit })
  }
  const displayName = wish.displayName === undefined ? name : checkDisplayName(wish.displayName)
  return createServer(db, { userId: user.id, name, displayName, now: deps.clock.now() })
}

async function redescribe(db: Database, { wish, known }: { wish: StartWish; known: ServerRow }): Promise<void> {
  if (wish.displayName === undefined) return
  await describeServer(db, known.id, { displayName: checkDisplayName(wish.displayName) })
}

async function checkActiveLimit(db: Database, deps: ServersDeps): Promise<void> {
  const limit = deps.settings().hub.activeServerLimit
  if (limit > 0 && (await countActiveServers(db)) >= limit) throw errors.ACTIVE_SERVER_LIMIT({})
}

async function tellRequested(db: Database, deps: ServersDeps, { id }: ServerRow): Promise<void> {
  const { attempt } = (await serverById(db, id))!
  const event = { serverId: id, attempt, at: deps.clock.now(), kind: 'progress' as const, progress: 0 }
  await addServerEvent(db, { ...event, message: 'Server requested' })
}

export async function wishStop(
  deps: ServersDeps,
  { userId, serverName, remove = false }: { userId: number; serverName: string; remove?: boolean },
): Promise<ServerRow | null> {
  const row = await deps.store.transaction(async (db) => {
    const known = await findServer(db, userId, serverName)
    if (!known) return null
    const isStopped = !activePhases.includes(known.phase)
    const isNews = remove ? !known.remove_when_stopped || known.desired === 'running' : known.desired === 'running'
    if (!isNews || (isStopped && !remove && known.desired === 'stopped')) return known
    await wishStopped(db, { id: known.id, remove })
    return serverById(db, known.id)
  })
  if (row) publish(deps, [row.id])
  return row
}

/** A server that is not started. */
export async function wishCreate(deps: ServersDeps, wish: StartWish): Promise<ServerRow> {
  const picker = await pickerOf(deps, wish.userId)
  return deps.store.transaction(async (db) => {
    const user = await knownUser(db, wish.userId)
    const known = await findServer(db, wish.userId, wish.serverName)
    if (known || wish.serverName === '') throw errors.SERVER_EXISTS({ server: fullName(user.name, wish.serverName) })
    const userOptions = optionsOf(picker, { wish, known })
    const server = await newServer(db, deps, { user, wish })
    await describeServer(db, server.id, { userOptions })
    return (await serverById(db, server.id))!
  })
}

export async function wishUpdate(
  deps: ServersDeps,
  { userId, serverName }: { userId: number; serverName: string },
  changes: ServerChanges,
): Promise<ServerRow> {
  const picker = await pickerOf(deps, userId)
  return deps.store.transaction(async (db) => {
    const user = await knownUser(db, userId)
    const server = fullName(user.name, serverName)
    const known = await findServer(db, userId, serverName)
    if (!known) throw errors.SERVER_UNKNOWN({ server })
    if (activePhases.includes(known.phase)) throw errors.SERVER_ACTIVE({ server })
    const { name, displayName, userOptions } = changes
    if (name !== undefined && name !== serverName) await checkFreeName(db, { user, from: serverName, to: name })
    await describeServer(db, known.id, {
      ...(name === undefined ? {} : { name }),
      ...(displayName === undefined ? {} : { displayName: checkDisplayName(displayName) }),
      ...(userOptions === undefined ? {} : { userOptions: resolveOptions(userOptions, picker).userOptions }),
    })
    return (await serverById(db, known.id))!
  })
}

/** The default server is what it is; no other can become it. */
async function checkFreeName(
  db: Database,
  { user, from, to }: { user: UserRow; from: string; to: string },
): Promise<void> {
  if (from === '') throw errors.SERVER_NAME_INVALID({ name: to })
  checkServerName(to)
  if (await findServer(db, user.id, to)) throw errors.SERVER_EXISTS({ server: fullName(user.name, to) })
}
