/**
 * What every authenticator does: it turns a browser's visit into an identity or a denial. Who may enter is decided
 * elsewhere, for all in one place; cookies, sessions and the database are the hub's, too.
 *
 * A way of signing in is a form, a link, a look at the headers of the visit (`ambient`), or a walk in several steps:
 * each step is a route of its own that is given a `Visit` and answers with a `Step`. What one step must know of the one
 * before is kept by the hub (`visit.begin`, `visit.take`), so that any replica may serve the next one.
 */

import type { Clock } from '#base/clock.ts'
import type { Random } from '#base/ids.ts'
import type { Log } from '#base/log.ts'
import type { Settings, WaySettings } from '#config'
import type { Hooks } from '#hooks'

/** Who came in, before any rule about who may. */
export interface Identity {
  /** Which authority vouches, e.g. `https://idp.example.org`; for those without an address, the authenticator's name. */
  readonly issuer: string
  /**
   * Stable id of the person at the issuer, which their account here is found by from the second time on. null: the
   * user name is all there is, e.g. a password that the hub itself keeps.
   */
  readonly subject: string | null
  /** The user name proposed, before normalisation. */
  readonly userName: string
  /** null: the authenticator knows nothing about it. false: it knows that they are none (any more). */
  readonly isAdmin: boolean | null
  /** null: groups are not known to this authenticator. */
  readonly groups: readonly string[] | null
  /** What came in, for the administrator and for rules: claims, headers, SAML attributes. No tokens. */
  readonly attributes: Readonly<Record<string, unknown>>
  readonly mail?: { readonly address: string; readonly isVerified: boolean } | null
  /** eduPerson's, scoped, e.g. `staff@example.edu`. */
  readonly affiliations?: readonly string[]
  readonly entitlements?: readonly string[]
  /** Rules of the authenticator's own that let people in, each with whether it lets in this one. */
  readonly rules?: readonly OwnRule[]
  /** Goes encrypted into the user's row where auth_state is enabled. May hold tokens. */
  readonly authState: Readonly<Record<string, unknown>> | null
  /** What a later sign-out at the issuer needs; kept sealed with the session. */
  readonly session?: UpstreamSession | null
  /** For the page of the user: `name`, `display_name`, `initials`, `avatar_url`, `color`. */
  readonly userInfo?: Readonly<Record<string, unknown>> | null
  /** Who they were before a hook of Python's that runs after the rules; absent: the rules judge who they are. */
  readonly judged?: Pick<Identity, 'userName' | 'isAdmin' | 'groups'>
  /** A password chosen with this visit, hashed: theirs once they are let in, unless somebody was quicker. */
  readonly newPassword?: string
}

export interface OwnRule {
  /** As in the configuration: `GitHubOAuthenticator.allowed_organizations`. */
  readonly name: string
  /** What it asks for, e.g. `member of jupyter`. */
  readonly wants: string
  readonly isMet: boolean
}

export interface UpstreamSession {
  /** What the issuer calls the session: `sid` of OpenID Connect, `SessionIndex` of SAML. */
  readonly id: string | null
  /** The moment at which it ends there, if that is known: the session here ends then, too. */
  readonly endsAt?: number | null
  /** JSON: ID token, NameID with its qualifiers … */
  readonly data: unknown
}

/** Nobody comes in. */
export interface Denial {
  readonly kind: 'denied'
  /** Upper case with underscores; permanent. The texts of pages may have a translation of it. */
  readonly code: string
  /** A sentence for the person. */
  readonly message: string
  /** What the person can do. */
  readonly hint?: string
  /** What fills the holes of the translated sentence. No secrets. */
  readonly facts?: Readonly<Record<string, string | number>>
  /** For the administrator only: goes to the log. No secrets. */
  readonly log?: string
  /** What came in, for the administrator, where something did. */
  readonly attributes?: Readonly<Record<string, unknown>>
}

export interface Recognised {
  readonly kind: 'identity'
  readonly identity: Identity
  /** The attempt that this ends, as `visit.take` gave it. Routes let nobody in without one, unless they are `isUnasked`. */
  readonly attempt?: Attempt
}

export type AuthenticationResult = Recognised | Denial

/** What a step ends in. The hub turns it into an answer. */
export type Step =
  | AuthenticationResult
  /** To another site, or to a page of the hub. Absolute. */
  | { readonly kind: 'redirect'; readonly url: string }
  /** A page that posts these fields to another site by itself, or by a button where scripts are off. */
  | { readonly kind: 'post'; readonly url: string; readonly fields: Readonly<Record<string, string>> }
  /** A page of the hub: a template of `web/templates` with its variables. */
  | {
      readonly kind: 'page'
      readonly template: string
      readonly variables: Readonly<Record<string, unknown>>
      readonly status?: number
    }
  /** For programs and metadata. */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly type: string
      readonly body: string
      readonly headers?: Readonly<Record<string, string>>
    }
  /** The browser came back from signing out at the issuer; or the issuer asked for it: the session of this browser ends. */
  | { readonly kind: 'signed-out'; readonly then?: Step & { readonly kind: 'redirect' | 'post' } }

export type SignUpResult = { readonly kind: 'created'; readonly userName: string; readonly isWaiting: boolean } | Denial

/** What a form posted: all fields but `_xsrf`; of a field that came twice the first. */
export type SignInForm = Readonly<Record<string, string>>

export interface Authenticator {
  /** The folder's name. */
  readonly name: string
  /** Of this way among those of the hub: lower case, digits and dashes. */
  readonly id: string
  /** What the page calls this way of signing in, e.g. `University account`; null for a plain form. */
  readonly service: string | null
  /**
   * `form` shows user name and password. `redirect` sends the browser to the route `signInPath`. `link` has no form
   * (one-time link). `ambient`: a visit of the sign-in page is enough, e.g. behind a web server that sets headers.
   * `none`: nobody can sign in.
   */
  readonly kind: 'form' | 'redirect' | 'link' | 'ambient' | 'none'
  /** Whether the form asks for a password at all. */
  readonly asksPassword: boolean
  /** Of a form: how it calls a second factor that is typed beside the password; null or absent: it does not ask. */
  readonly asksOtp?: string | null
  /** Whether the hub asks those of its users who have set one up for a second factor, after this. */
  readonly takesSecondFactor?: boolean
  /** Of `redirect`: the path of the route that begins the walk, e.g. `oauth_login`. */
  readonly signInPath?: string
  readonly routes?: readonly AuthenticatorRoute[]
  /** For a POST of the sign-in form; for a one-time link with `token`; for `ambient` with no fields. */
  authenticate(form: SignInForm, visit: Visit): Promise<Step>
  /** Present where people may ask for an account: fields `username` (normalised), `password` and `confirmation`. */
  signUp?(form: SignInForm, visit: Visit): Promise<SignUpResult>
  /** Whether what is known of somebody still holds. Asked now and then while they are here, and before starts. */
  refresh?(known: KnownIdentity): Promise<Refreshed>
  /** After the session here has ended: where the browser goes to sign out at the issuer; null: nowhere. */
  signOut?(session: UpstreamSession | null, visit: Visit): Promise<Step | null>
  /** Work in the background while the hub runs, e.g. reading metadata again. Ends with the signal. */
  run?(signal: AbortSignal): Promise<void>
}

export interface AuthenticatorRoute {
  readonly method: 'GET' | 'POST'
  /**
   * Below `/hub/`, or below `/hub/auth/<id>/` where another way has the path already; with a slash in front, below the
   * base URL, e.g. `/Shibboleth.sso/SAML2/POST`.
   */
  readonly path: string
  /**
   * Who calls it. `people`: links and forms of the hub, and plain redirects back to it; a POST must carry `_xsrf`.
   * `other-sites`: forms of other sites, with which a browser sends no cookies of ours; what such a step lets in goes
   * through a page of ours that sees whether the same browser began. `programs`: no browser at all.
   */
  readonly from: 'people' | 'other-sites' | 'programs'
  readonly maxBodyBytes?: number
  /** Of `other-sites`: it lets in without an attempt, since nothing was asked before, e.g. a launch from a course. */
  readonly isUnasked?: true
  run(visit: Visit): Promise<Step>
}

/** What an authenticator may know of the request, and what it may do with it. */
export interface Visit {
  /** Address of the browser after trusted proxies were taken off. */
  readonly clientIp: string
  /** Address of the other end of the socket, and of each hop that trusted proxies named, nearest first. */
  readonly hops: readonly string[]
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly method: string
  /** As the browser sees it. */
  readonly url: URL
  /** Of a POST of a form. */
  readonly form: SignInForm
  /** The body as it came. */
  readonly body: string
  readonly language: 'en' | 'de'
  /** `https://hub.example.org/hub/`: the public URL of the hub, with a trailing slash. */
  readonly hubUrl: string
  /** Where they wanted to go, a path of this site. */
  readonly next: string | null
  /** The public address of one of the authenticator's own routes. */
  routeUrl(path: string): string
  /**
   * Begins an attempt to sign in or out: `data` (JSON) is kept sealed in the database, and the browser is remembered
   * by a cookie. The id, 32 hex characters, goes out as `state`, `RelayState` or within an `ID`.
   */
  begin(data: unknown, options?: { readonly lifetimeMs?: number; readonly next?: string | null }): Promise<string>
  /** Uses an attempt up: of two takers one gets it. */
  take(id: string): Promise<Attempt | AttemptProblem>
}

export interface Attempt {
  readonly kind: 'attempt'
  readonly id: string
  readonly data: unknown
  readonly next: string | null
  /** Whether this browser began it. False where the browser sends no cookies (`other-sites`): the hub asks again. */
  readonly isSameBrowser: boolean
}

/** `foreign`: another browser began it, or this one lost its cookies; the attempt is still good for that one. */
export interface AttemptProblem {
  readonly kind: 'unknown' | 'used' | 'expired' | 'foreign'
}

export interface KnownIdentity {
  readonly userName: string
  readonly issuer: string
  readonly subject: string | null
  readonly authState: Readonly<Record<string, unknown>> | null
}

export type Refreshed =
  /** As it was. */
  | { readonly kind: 'unchanged' }
  /** The same person, maybe with other groups or tokens; the rules are asked again. */
  | { readonly kind: 'identity'; readonly identity: Identity }
  /** They must sign in again. */
  | { readonly kind: 'gone'; readonly reason: string }
  /** The issuer does not answer: what is known holds on for a while. */
  | { readonly kind: 'unreachable'; readonly reason: string }

/** What the hub gives every authenticator. */
export interface AuthenticatorDeps {
  /** Its part of the configuration: id, rules, options of its class. Read at each use. */
  readonly own: () => WaySettings
  readonly settings: () => Settings
  /** Servers of users are processes of this machine: what comes from here may be theirs. */
  readonly serversAreHere: boolean
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly passwords: Passwords
  readonly links: Links
  readonly once: Once
  readonly sessions: Sessions
  /** Limits how often something may be tried, for all replicas. */
  readonly failures: Failures
  /** Code of the administrator's own. */
  readonly hooks: Hooks
}

/** The passwords that the hub keeps, by normalised user name. */
export interface Passwords {
  find(userName: string): Promise<StoredPassword | null>
  /** Whether there is such a user, with or without a password. */
  isUser(userName: string): Promise<boolean>
  /** Creates the user if need be. An approval that was given stays. */
  save(userName: string, password: StoredPassword): Promise<void>
}

export interface StoredPassword {
  readonly hash: string
  readonly isApproved: boolean
}

export interface Links {
  /** Uses the link up; the second taker gets `used`. */
  take(secret: string): Promise<LinkOutcome>
}

export type LinkOutcome =
  | { readonly kind: 'taken'; readonly userName: string }
  | { readonly kind: 'used' | 'expired' | 'unknown' }

/** Things that may be seen once only, by all replicas: assertions, logout tokens, nonces. */
export interface Once {
  /** False when `key` was seen before. It is remembered until `until` at least. */
  first(key: string, until: number): Promise<boolean>
}

export interface Sessions {
  /**
   * Ends the sessions that came from this issuer, with the tokens of their servers, and returns how many: of one
   * session there (`id`), of all of a subject, or of both.
   */
  end(which: { readonly issuer: string; readonly subject: string | null; readonly id: string | null }): Promise<number>
}

/** Wrong attempts by what they were for, e.g. `password ada`, kept in the database. */
export interface Failures {
  count(key: string): Promise<{ readonly count: number; readonly lastAt: number }>
  /** Counts one more, and returns how many there are now. Forgotten `forgetMs` after the last. */
  add(key: string, forgetMs: number): Promise<number>
  clear(key: string): Promise<void>
}
