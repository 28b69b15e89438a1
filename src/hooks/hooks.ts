/** The administrator's hooks as the hub calls them: each checked, placed and limited in time. */
import type { Log } from '#base/log.ts'
import { isChange, isIdentity, isList, isMap, isTexts } from './answers.ts'
import { Caller, type Expected } from './caller.ts'
import type { CustomIdentity, HookIdentity, HookServer, HookUser, ServerChange, SpawnerFacts } from './contract.ts'
import type { HookName } from './hook-names.ts'
import type { HookCode } from './source.ts'

type Fields = Readonly<Record<string, unknown>>

/** Somebody, for whom there is no server yet. */
export type HookPerson = HookUser & Partial<Pick<HookServer, 'authState'>> & Partial<SpawnerFacts>

export type SpawnerToPrepare = HookServer & SpawnerFacts & { readonly environment: Readonly<Record<string, string>> }

export interface Hooks {
  has(name: HookName): boolean
  /** What Python changes before the user's choice is applied; null: there is none. */
  prepareSpawner(server: SpawnerToPrepare): Promise<ServerChange | null>
  /** In the order of the pieces of code; each sees what the ones before changed. */
  preSpawn(server: HookServer, environment: Readonly<Record<string, string>>): Promise<readonly ServerChange[]>
  postStop(server: HookServer & Partial<SpawnerFacts>): Promise<void>
  modifyPod(pod: Fields, server: HookServer & Partial<SpawnerFacts>): Promise<Fields>
  /** null: there is no such hook. */
  profileList(user: HookPerson): Promise<readonly Fields[] | null>
  optionsForm(user: HookPerson): Promise<string | null>
  optionsFromForm(fields: Readonly<Record<string, readonly string[]>>, user: HookUser): Promise<Fields | null>
  /** null: a hook refuses them. */
  postAuth(identity: HookIdentity): Promise<HookIdentity | null>
  authStateToEnvironment(authState: Fields, server: HookServer): Promise<Readonly<Record<string, string>>>
  /** What Python says of a sign-in that is looked at again; `usual` where it says nothing. */
  refreshUser(user: HookUser, authState: Fields | null): Promise<'usual' | 'fresh' | 'expired'>
  authenticate(form: Readonly<Record<string, string>>, visit: Fields): Promise<CustomIdentity | string | null>
  /** What the authenticator of one's own says of itself; null where there is none. */
  authenticator(): Promise<{ readonly service: string | null; readonly asksPassword: boolean } | null>
  close(): Promise<void>
}

/** Reads the code at each call: where it has changed, a new thread takes over. Errors: HOOK_FAILED, HOOK_TIMEOUT, HOOK_RESULT, HOOK_BROKEN. */
export function openHooks(code: () => HookCode & { readonly names: readonly HookName[] }, log: Log): Hooks {
  const caller = new Caller(code, log)
  const has = (name: HookName) => code().names.includes(name)
  const one = async <T>(name: HookName, args: readonly unknown[], expected: Expected<T>): Promise<T | null> =>
    has(name) ? ((await caller.each(name, () => args, expected))[0] ?? null) : null
  return {
    has,
    prepareSpawner: (server) => one('prepareSpawner', [server], change),
    async preSpawn(server, environment) {
      let known = environment
      if (!has('preSpawn')) return []
      const changes = await caller.each(
        'preSpawn',
        () => [{ ...server, environment: known }],
        changeOrNothing,
        (change) => {
          known = withChanges(known, change?.environment ?? {})
        },
      )
      return changes.filter((change) => change !== undefined)
    },
    async postStop(server) {
      if (has('postStop')) await caller.each('postStop', () => [server], anything)
    },
    async modifyPod(pod, server) {
      let known = pod
      if (!has('modifyPod')) return pod
      await caller.each(
        'modifyPod',
        () => [known, server],
        aMap,
        (changed) => {
          known = changed
        },
      )
      return known
    },
    profileList: (user) => one('profileList', [user], profiles),
    optionsForm: (user) => one('optionsForm', [user], html),
    optionsFromForm: (fields, user) => one('optionsFromForm', [fields, user], aMap),
    async postAuth(identity) {
      let known: HookIdentity | null = identity
      if (!has('postAuth')) return identity
      await caller.each(
        'postAuth',
        () => (known ? [known] : null),
        identityChange,
        (change) => {
          known = change === false || !known ? null : { ...known, ...change }
        },
      )
      return known
    },
    async authStateToEnvironment(authState, server) {
      if (!has('authStateToEnvironment')) return {}
      const all = await caller.each('authStateToEnvironment', () => [authState, server], texts)
      return Object.assign({}, ...all)
    },
    refreshUser: async (user, authState) => (await one('refreshUser', [user, authState], freshness)) ?? 'usual',
    authenticate: (form, visit) => one('authenticator', [form, visit], identityOrWhy),
    authenticator: async () => (has('authenticator') ? caller.authenticator() : null),
    close: () => caller.close(),
  }
}

/** For a hub without code of anybody's own. */
export const noHooks: Hooks = openHooks(() => ({ sources: [], timeoutSeconds: 1, names: [] }), {} as Log)

const expect = <T>(words: string, fits: (value: unknown) => value is T): Expected<T> => ({ words, fits })
const anything = expect('anything', (value): value is unknown => value !== Symbol.iterator)
const aMap = expect('an object', isMap)
const texts = expect('an object of texts', isTexts)
const html = expect('a text', (value): value is string => typeof value === 'string')
const profiles = expect(
  'a list of profiles',
  (value): value is readonly Fields[] => isList(value) && value.every(isMap),
)
const freshness = expect('usual, fresh or expired', (value): value is 'usual' | 'fresh' | 'expired' =>
  ['usual', 'fresh', 'expired'].includes(String(value)),
)
const change = expect('an object with override', isChange)
const changeOrNothing = expect(
  'nothing, or an object with environment (texts) and override',
  (value): value is ServerChange | undefined => value === undefined || value === null || isChange(value),
)
const identityChange = expect(
  'nothing, false, or an object with what is to change of the identity',
  (value): value is Partial<HookIdentity> | undefined | false =>
    value === undefined || value === null || value === false || isMap(value),
)
const identityOrWhy = expect(
  'an object with userName, a text that says why not, or null',
  (value): value is CustomIdentity | string | null => value === null || typeof value === 'string' || isIdentity(value),
)

/** A null takes a variable away. */
function withChanges(before: Readonly<Record<string, string>>, changes: Readonly<Record<string, string | null>>) {
  const kept = Object.entries({ ...before, ...changes }).filter((entry): entry is [string, string] => entry[1] !== null)
  return Object.fromEntries(kept)
}
