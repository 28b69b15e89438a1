// Generated from src/hooks/contract.ts.
/**
 * What code of your own may export: from an entry of `hub.extraConfig`, or from a `.ts` or `.js` file that
 * `hub.extraFiles` puts into `jupyterhub_config.d`. Each function may be async, gets plain data, and has the time that
 * `hub.hookTimeout` gives it. What it throws is told to the person whom it concerns.
 */

export interface HookUser {
  readonly name: string
  readonly admin: boolean
  readonly groups: readonly string[]
}

/** What Python's code sees besides, since it is given whole objects. */
export interface SpawnerFacts {
  readonly userId: number
  /** Traits of the spawner by their names, with what was changed of them until now. */
  readonly traits: Readonly<Record<string, unknown>>
}

export interface HookServer {
  readonly user: HookUser
  /** Empty for the default server. */
  readonly name: string
  /** What was picked on the spawn page: `profile`, the options of it, the fields of a form of your own. */
  readonly options: Readonly<Record<string, unknown>>
  /** What the sign-in gave; null unless `enable_auth_state` keeps it. */
  readonly authState: Readonly<Record<string, unknown>> | null
}

/** What a hook changes of one start. */
export interface ServerChange {
  /** More environment variables; null takes one away. */
  readonly environment?: Readonly<Record<string, string | null>>
  /** Traits of the spawner by their names, as in a profile's kubespawner_override: mem_limit, volumes, node_selector … */
  readonly override?: Readonly<Record<string, unknown>>
}

/** Before a server starts, and again when that start is taken up after a restart of the hub. Throwing refuses the start. */
export type PreSpawn = (
  server: HookServer & { readonly environment: Readonly<Record<string, string>> },
) => ServerChange | undefined | Promise<ServerChange | undefined>

/** After a server is gone. */
export type PostStop = (server: HookServer) => void | Promise<void>

/** Before a pod is made: its manifest, to change or to replace. Returning nothing takes it as it was changed. */
export type ModifyPod = (
  pod: Record<string, unknown>,
  server: HookServer,
) => Record<string, unknown> | undefined | Promise<Record<string, unknown> | undefined>

/** The profiles of one person, as in singleuser.profileList, in place of those of the configuration. */
export type ProfileList = (
  user: HookUser,
) => readonly Readonly<Record<string, unknown>>[] | Promise<readonly Readonly<Record<string, unknown>>[]>

/** The fields of the spawn page as HTML, in place of the profiles. */
export type OptionsForm = (user: HookUser) => string | Promise<string>

/** What is kept of such a form's fields as the server's options; without it, all of them. */
export type OptionsFromForm = (
  fields: Readonly<Record<string, readonly string[]>>,
  user: HookUser,
) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>

export interface HookIdentity {
  /** Which authority vouches, e.g. `native` or `https://idp.example.org`. */
  readonly issuer: string
  /** As signed in, before `username_map`. */
  readonly userName: string
  /** null: the sign-in knows nothing about it. */
  readonly isAdmin: boolean | null
  /** null: groups are not of this sign-in. */
  readonly groups: readonly string[] | null
  readonly attributes: Readonly<Record<string, unknown>>
  readonly authState: Readonly<Record<string, unknown>> | null
}

/** After somebody proved who they are, before the rules: what to change of it; false refuses them. */
export type PostAuth = (
  identity: HookIdentity,
) =>
  | Partial<Omit<HookIdentity, 'issuer'>>
  | undefined
  | false
  | Promise<Partial<Omit<HookIdentity, 'issuer'>> | undefined | false>

/** Environment variables that are made of what the sign-in gave. */
export type AuthStateToEnvironment = (
  authState: Readonly<Record<string, unknown>>,
  server: HookServer,
) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>

/** A way of signing in of your own, chosen by `authenticator_class: custom`. */
export interface CustomAuthenticator {
  /** What the page calls it; without it the page has a plain form. */
  readonly service?: string
  /** Whether the form asks for a password; true unless it says otherwise. */
  readonly asksPassword?: boolean
  /** Who they are; null or a text (why, shown to them) refuses them. */
  readonly authenticate: (
    form: Readonly<Record<string, string>>,
    visit: { readonly clientIp: string; readonly headers: Readonly<Record<string, string | string[] | undefined>> },
  ) => CustomIdentity | string | null | Promise<CustomIdentity | string | null>
}

export interface CustomIdentity {
  readonly userName: string
  /** Stable where names change; the user name unless given. */
  readonly subject?: string
  readonly isAdmin?: boolean
  readonly groups?: readonly string[]
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly authState?: Readonly<Record<string, unknown>>
}
