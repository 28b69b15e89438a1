/** What makes one provider differ from another: rows for most, a little code for some. */
import type { Denial, OwnRule } from '../contract.ts'
import type { Http } from './http.ts'
import type { Options } from './options.ts'

export interface Endpoints {
  readonly authorizeUrl: string
  readonly tokenUrl: string
  readonly userdataUrl: string
}

export interface Provider {
  /** Where the user's data stand in the auth state. */
  readonly userKey: string
  readonly service: string
  /** Begins the names of its variables, e.g. `GITHUB` of `GITHUB_CLIENT_ID`. */
  readonly env: string
  readonly usernameClaim: string
  readonly scope: readonly string[]
  readonly forcedScope?: readonly string[]
  /** Its OpenID Connect issuer, whose discovery takes the place of the endpoints. */
  readonly issuer?: (options: Options) => string | null
  readonly endpoints: (options: Options, http: Http) => Endpoints | Promise<Endpoints>
  readonly authorizeParams?: (options: Options) => Readonly<Record<string, string>>
  /** The field of the user's data that never changes, where that is not `sub`. */
  readonly subjectField?: string
  /** The user's data come from the ID token, which `readIdToken` has verified. */
  readonly readIdToken?: (token: string, facts: { options: Options; http: Http; clientId: string }) => Promise<object>
  /** Where the groups stand if the configuration says nothing. */
  readonly groupsKey?: (options: Options) => string
  /** The user name, where a claim alone does not say. */
  readonly userName?: (model: Model, options: Options) => string | Denial
  /** Restrictions, groups and rules of its own, after the user's data are there. */
  readonly complete?: (model: Model, api: Api) => Promise<Model | Denial>
  readonly onSignOut?: (
    authState: Readonly<Record<string, unknown>>,
    api: Pick<Api, 'options' | 'http'>,
  ) => Promise<void>
}

export interface Model {
  readonly userName: string
  readonly user: Readonly<Record<string, unknown>>
  readonly authState: Readonly<Record<string, unknown>>
  readonly isAdmin: boolean | null
  readonly groups: readonly string[] | null
  readonly rules: readonly OwnRule[]
}

export interface Api {
  readonly options: Options
  readonly http: Http
  readonly accessToken: string
  /** The class's name, for the names of rules. */
  readonly className: string
  /** Somebody asks for groups: they are managed, or a rule names some. */
  readonly wantsGroups: boolean
}

export function isDenial(value: object): value is Denial {
  return 'kind' in value && value.kind === 'denied'
}

/** A rule that is there only where somebody wrote it. */
export function ownRule(
  api: Api,
  trait: string,
  facts: { wants: readonly string[]; isMet: boolean },
): readonly OwnRule[] {
  if (facts.wants.length === 0) return []
  return [{ name: `${api.className}.${trait}`, wants: facts.wants.join(', '), isMet: facts.isMet }]
}
