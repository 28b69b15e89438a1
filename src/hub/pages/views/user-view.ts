/** What templates know of a user and their servers, under JupyterHub's names. */
import type { Millis } from '#base/clock.ts'
import type { FailureReason } from '#spawners'
import { type EditionChange, pending, type Server } from '../../servers/contract.ts'
import { shownValue } from './edition-view.ts'
import { quoteName, serverPath } from './server-path.ts'

export interface UserView {
  readonly name: string
  readonly escaped_name: string
  readonly admin: boolean
  readonly groups: readonly { readonly name: string }[]
  /** `/user/ada/`. */
  readonly url: string
  readonly base_url: string
  readonly server: { readonly url: string } | null
  readonly active: boolean
  readonly running: boolean
  readonly spawner: SpawnerView
  readonly spawners: Readonly<Record<string, SpawnerView>>
  server_url(serverName?: string): string
  all_spawners(options?: boolean | { include_default?: boolean }): readonly SpawnerView[]
}

export interface SpawnerView {
  readonly name: string
  readonly display_name: string
  readonly url: string
  readonly server: { readonly url: string } | null
  readonly active: boolean
  readonly ready: boolean
  readonly pending: 'spawn' | 'stop' | null
  readonly phase: 'stopped' | 'queued' | 'starting' | 'ready' | 'stopping' | 'failed'
  /** Place in the queue, from 1. */
  readonly position: number | null
  readonly reason: FailureReason | null
  /** What a start now would change, for people; none where nobody has looked. */
  readonly newer: readonly NewerView[]
  readonly user_options: Readonly<Record<string, unknown>>
  /** The display name of the profile, if one was picked that is still offered. */
  readonly profile_name: string | null
  readonly started: Date | null
  readonly last_activity: Date | null
  readonly orm_spawner: { readonly name: string; readonly last_activity: Date | null; readonly started: Date | null }
}

/** Sizes as people read them; null: none. */
export interface NewerView {
  readonly what: string
  readonly before: string | null
  readonly after: string | null
}

export interface UserFacts {
  readonly name: string
  readonly admin: boolean
  readonly groups: readonly string[]
  readonly servers: readonly Server[]
}

/** `base` is the prefix of all; `profileName` gives the display name of a slug. */
export function userView(user: UserFacts, base: string, profileName: (slug: unknown) => string | null): UserView {
  const url = serverPath(base, user.name, '')
  const spawners = user.servers.map((server) => spawnerView(server, base, profileName))
  const known = spawners.find(({ name }) => name === '')
  const spawner = known ?? absentSpawner(url)
  const all = known === undefined ? [spawner, ...spawners] : spawners
  return {
    name: user.name,
    escaped_name: quoteName(user.name),
    admin: user.admin,
    groups: user.groups.map((name) => ({ name })),
    url,
    base_url: url,
    server: spawner.server,
    active: all.some((each) => each.active),
    running: spawner.ready,
    spawner,
    spawners: Object.fromEntries(all.map((each) => [each.name, each])),
    server_url: (serverName = '') => serverPath(base, user.name, serverName),
    all_spawners(options = true) {
      const withDefault = typeof options === 'boolean' ? options : (options.include_default ?? true)
      return withDefault ? all : all.filter(({ name }) => name !== '')
    },
  }
}

export function spawnerView(server: Server, base: string, profileName: (slug: unknown) => string | null): SpawnerView {
  const { state } = server
  const url = serverPath(base, server.userName, server.name)
  const times = { last_activity: date(server.lastActivity), started: date(server.startedAt) }
  return {
    name: server.name,
    display_name: server.displayName || server.name,
    url,
    server: state.phase === 'ready' ? { url } : null,
    active: state.phase === 'ready' || pending(state) !== null,
    ready: state.phase === 'ready',
    pending: pending(state),
    phase: state.phase,
    position: state.phase === 'queued' ? state.position : null,
    reason: state.phase === 'failed' ? state.reason : null,
    newer: (server.newer ?? []).map(newerView),
    user_options: server.userOptions,
    profile_name: profileName(server.userOptions.profile),
    ...times,
    orm_spawner: { name: server.name, ...times },
  }
}

/** The default server of somebody who has never started one. */
function absentSpawner(url: string): SpawnerView {
  return {
    name: '',
    display_name: '',
    url,
    server: null,
    active: false,
    ready: false,
    pending: null,
    phase: 'stopped',
    position: null,
    reason: null,
    newer: [],
    user_options: {},
    profile_name: null,
    started: null,
    last_activity: null,
    orm_spawner: { name: '', last_activity: null, started: null },
  }
}

function newerView({ what, before, after }: EditionChange): NewerView {
  return { what, before: before && shownValue(what, before), after: after && shownValue(what, after) }
}

function date(at: Millis | null): Date | null {
  return at === null ? null : new Date(at)
}
