/** What a launch needs besides its row: who the server is to the spawner, its settings, its token, its environment. */
import { type Profile, spawnerTraits } from '#config'
import type { HookServer, HookUser, ServerChange } from '#hooks'
import type { LaunchRequest, ServerRef } from '#spawners'
import {
  createToken,
  deleteOauthClientsOfServer,
  deleteTokensOfServer,
  findRole,
  generatedRounds,
  groupsOf,
  hashToken,
  newSalt,
  newTokenSecret,
  type ServerRow,
  saveOauthClient,
  userById,
  writeObserved,
} from '#store'
import { authState, environmentFromAuthState } from '../auth-state.ts'
import { type ServerClient, serverClient } from '../oauth/server-client.ts'
import type { ServersDeps } from './deps.ts'
import { hubEnvironment, serverCommand, serverEnvironment } from './environment.ts'
import { errors } from './errors.ts'
import { fullName } from './names.ts'
import { type Override, resolveStoredOptions } from './options.ts'
import { overridesFor, variablesOf } from './overrides.ts'
import { profilesFor } from './profiles.ts'
import { groupOverrides, type RunSettings, runSettings, runTraits } from './run-settings.ts'
import { seal, unseal } from './sealing.ts'
import { LeaseLost, type Work } from './work.ts'

export function refOf(row: ServerRow): ServerRef {
  return { id: row.id, userId: row.user_id, userName: row.user_name, serverName: row.name }
}

/** Settings of the run, the user's picks applied. Errors: PROFILE_UNUSABLE, OPTIONS_INVALID. */
export async function settingsOfRun(deps: ServersDeps, row: ServerRow): Promise<RunSettings> {
  return runSettings(deps.settings().spawner, await overridesOf(deps, row))
}

/** What the user's groups and picks change, and then the configuration for them, in the order in which it applies. */
export async function overridesOf(deps: ServersDeps, row: ServerRow): Promise<readonly Override[]> {
  const { ofGroups, chosen } = await changesFor(deps, row)
  return [...ofGroups, ...chosen]
}

async function changesFor(deps: ServersDeps, row: ServerRow) {
  const user = await hookUser(deps, row)
  const profiles = await profilesFor(deps, { ...user, ...personFacts(deps, row) })
  return changesOf(deps, { user, profiles, options: row.user_options })
}

interface Picking {
  readonly user: HookUser
  readonly profiles: readonly Profile[]
  readonly options: Readonly<Record<string, unknown>>
}

/** The two halves of `overridesOf`, for what somebody picks of these profiles. */
export function changesOf(deps: Pick<ServersDeps, 'settings'>, { user, profiles, options }: Picking) {
  const { spawner, overrides } = deps.settings()
  const picked = resolveStoredOptions(options, { profiles, groups: user.groups })
  return {
    ofGroups: groupOverrides(spawner.groupOverrides, user.groups),
    chosen: [...picked.overrides, ...overridesFor(overrides, user)],
  }
}

const personFacts = (deps: ServersDeps, row: ServerRow) => ({
  userId: row.user_id,
  authState: () => authState({ ...deps, cookieSecret: deps.secret }, row.user_id),
})

async function hookUser({ store }: Pick<ServersDeps, 'store'>, row: ServerRow): Promise<HookUser> {
  const user = await userById(store.db, row.user_id)
  return { name: row.user_name, admin: user?.admin ?? false, groups: await groupsOf(store.db, row.user_id) }
}

/** The server as hooks see it. */
export async function hookServer(deps: ServersDeps, row: ServerRow): Promise<HookServer> {
  const keeping = { ...deps, cookieSecret: deps.secret }
  return {
    user: await hookUser(deps, row),
    name: row.name,
    options: row.user_options,
    authState: await authState(keeping, row.user_id),
  }
}

/** What a start needs before its hooks run: its token, its client, its deadlines. */
const settledBefore = new Set(['oauth_client_allowed_scopes', 'server_token_scopes', 'start_timeout', 'http_timeout'])

/** What hooks, and what is made of the sign-in, change of one start; `environment` is what it would be without them. */
async function hookOverrides(
  deps: ServersDeps,
  server: HookServer,
  environment: (overrides: readonly Override[]) => Readonly<Record<string, string>>,
): Promise<readonly Override[]> {
  const { hooks } = deps
  const declared = variablesOf(deps.settings().authStateEnv, server.authState)
  const made = server.authState ? await hooks.authStateToEnvironment(server.authState, server) : {}
  const before: readonly Override[] = [{ environment: { ...declared, ...made } }]
  if (!hooks.has('preSpawn')) return before
  const changes = await hooks.preSpawn(server, environment(before))
  refuseLate(changes)
  const after = changes.flatMap(({ override = {}, environment: variables = {} }) => [
    override,
    { environment: variables },
  ])
  return [...before, ...after]
}

function refuseLate(changes: readonly ServerChange[]): void {
  for (const { override = {} } of changes) {
    const late = Object.keys(override).find((trait) => settledBefore.has(trait))
    if (late) throw errors.HOOK_TOO_LATE({ trait: late })
  }
}

/** What Python makes of the spawner: it runs before what the user picked is applied, as in JupyterHub. */
async function preparedBy(
  deps: ServersDeps,
  { row, server, ofGroups }: { row: ServerRow; server: HookServer; ofGroups: readonly Override[] },
  environment: Readonly<Record<string, string>>,
): Promise<readonly Override[]> {
  if (!deps.hooks.has('prepareSpawner')) return []
  const traits = traitsOf(deps, ofGroups)
  const change = await deps.hooks.prepareSpawner({ ...server, userId: row.user_id, traits, environment })
  if (!change?.override) return []
  refuseLate([change])
  return [change.override]
}

function traitsOf(deps: ServersDeps, overrides: readonly Override[]): Readonly<Record<string, unknown>> {
  const settings = deps.settings()
  return { ...spawnerTraits(settings, overrides), ...runTraits(runSettings(settings.spawner, overrides)) }
}

function clientOf(deps: ServersDeps, row: ServerRow, run: RunSettings): ServerClient {
  return serverClient({
    base: deps.urls.base,
    userName: row.user_name,
    serverName: row.name,
    allowedScopes: run.oauthClientAllowedScopes,
  })
}

/** Chooses where it shall listen, and gives it its token, which is its OAuth client's secret, too. */
export async function prepare(deps: ServersDeps, work: Work, row: ServerRow): Promise<void> {
  const { store, random, clock } = deps
  const run = await settingsOfRun(deps, row)
  const listenUrl = await deps.spawner.listenUrl(refOf(row), row.attempt)
  const token = newTokenSecret(random)
  const client = clientOf(deps, row, run)
  const role = await findRole(store.db, 'server')
  const scopes = tokenScopesOf(row, run.serverTokenScopes.length > 0 ? run.serverTokenScopes : (role?.scopes ?? []))
  const secretHash = hashToken(token, generatedRounds, newSalt(random))
  const sealed = seal(token, { secret: deps.secret, owner: ownerOf(row), random })
  await store.transaction(async (db) => {
    if (!(await writeObserved(db, work.lease, { listen_url: listenUrl, sealed_token: sealed }))) throw new LeaseLost()
    await deleteTokensOfServer(db, row.id)
    await createToken(db, {
      userId: row.user_id,
      serverId: row.id,
      secret: token,
      scopes,
      note: client.description,
      now: clock.now(),
    })
    await saveOauthClient(db, { ...client, secretHash, serverId: row.id })
  })
}

/** `!server` is this server; reporting its activity is what every server may do. */
function tokenScopesOf(row: ServerRow, scopes: readonly string[]): string[] {
  const own = scopes.map((scope) => scope.replace(/!server$/, `!server=${fullName(row.user_name, row.name)}`))
  return [...new Set([...own, 'users:activity!user'])]
}

function ownerOf(row: ServerRow): string {
  return `server ${row.id}`
}

/** Null where the token can't be read any more: the hub's key has changed since. */
export async function launchRequest(deps: ServersDeps, row: ServerRow): Promise<LaunchRequest | null> {
  const token = unseal(row.sealed_token ?? '', { secret: deps.secret, owner: ownerOf(row) })
  if (token === null) return null
  const { ofGroups, chosen } = await changesFor(deps, row)
  const { hub, spawner } = deps.settings()
  const signIn = await environmentFromAuthState({ ...deps, cookieSecret: deps.secret }, row.user_id)
  const factsWith = (run: RunSettings) => ({
    userName: row.user_name,
    serverName: row.name,
    token,
    client: clientOf(deps, row, run),
    listenUrl: row.listen_url ?? '',
    baseUrl: deps.urls.base,
    apiUrl: deps.urls.apiForServers,
    publicUrl: hub.publicUrl,
    cookieHostPrefixEnabled: hub.cookieHostPrefixEnabled,
    run,
  })
  const server = await hookServer(deps, row)
  const environmentWith = (own: readonly Override[]) => serverEnvironment(factsWith(runSettings(spawner, own)))
  const prepared = await preparedBy(deps, { row, server, ofGroups }, environmentWith(ofGroups))
  const configured = [...ofGroups, ...prepared, ...chosen]
  const more = await hookOverrides(deps, server, (own) => environmentWith([...configured, ...own]))
  const overrides = [...configured, ...more]
  const run = runSettings(spawner, overrides)
  const facts = factsWith(run)
  return {
    server: refOf(row),
    attempt: row.attempt,
    environment: { ...signIn, ...serverEnvironment(facts) },
    hubEnvironment: { ...signIn, ...hubEnvironment(facts) },
    command: serverCommand(facts),
    memLimitBytes: run.memLimitBytes,
    cpuLimit: run.cpuLimit,
    userOptions: row.user_options,
    overrides,
    edition: deps.spawner.edition?.(refOf(row), [...ofGroups, ...chosen]) ?? null,
    ...(deps.hooks.has('modifyPod') ? { modifyPod: modifierFor(deps, { row, server, overrides }) } : {}),
    handle: row.handle,
  }
}

function modifierFor(
  deps: ServersDeps,
  { row, server, overrides }: { row: ServerRow; server: HookServer; overrides: readonly Override[] },
) {
  const seen = { ...server, userId: row.user_id, traits: traitsOf(deps, overrides) }
  return (pod: Readonly<Record<string, unknown>>) => deps.hooks.modifyPod(pod, seen)
}

/** Takes back what `prepare` gave, and forgets the run. */
export async function forgetRun(deps: ServersDeps, work: Work, row: ServerRow): Promise<void> {
  await deps.store.transaction(async (db) => {
    const nothing = { run_generation: null, handle: null, url: null, listen_url: null, sealed_token: null }
    if (!(await writeObserved(db, work.lease, nothing))) throw new LeaseLost()
    await deleteTokensOfServer(db, row.id)
    await deleteOauthClientsOfServer(db, row.id)
  })
}
