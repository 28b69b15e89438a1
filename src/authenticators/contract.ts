/** What every authenticator does: it turns a browser's visit into an identity or a denial. Who may enter is decided elsewhere, for all in one place. */

import type { Clock } from '#base/clock.ts'
import type { Random } from '#base/ids.ts'
import type { Log } from '#base/log.ts'
import type { Settings } from '#config'

/** Who came in, before any rule about who may. */
export interface Identity {
  /** Which authority vouches, e.g. `dummy`, `native`, `https://idp.example.org`. */
  readonly issuer: string
  /** Stable id of the person at the issuer. */
  readonly subject: string
  /** The user name proposed, before normalisation. */
  readonly userName: string
  /** null: the authenticator knows nothing about it. */
  readonly isAdmin: boolean | null
  /** null: groups are not managed by this authenticator. */
  readonly groups: readonly string[] | null
  readonly attributes: Readonly<Record<string, unknown>>
  /** True: the authenticator has a rule of its own that lets them in, such as an administrator's approval. */
  readonly isAllowed?: boolean
  /** Goes encrypted into the user's row where auth_state is enabled. */
  readonly authState: Readonly<Record<string, unknown>> | null
}

export type AuthenticationResult =
  | { readonly kind: 'identity'; readonly identity: Identity }
  /** `message` is shown to the person; `log` (never shown) tells the administrator more. */
  | { readonly kind: 'denied'; readonly code: string; readonly message: string; readonly log?: string }

export type SignUpResult =
  | { readonly kind: 'created'; readonly userName: string; readonly isWaiting: boolean }
  | Extract<AuthenticationResult, { kind: 'denied' }>

/** What the sign-in form posted: all fields but `_xsrf`. */
export type SignInForm = Readonly<Record<string, string>>

export interface Authenticator {
  readonly name: string
  /** What the page calls this way of signing in, e.g. `University account`; null for a plain form. */
  readonly service: string | null
  /** `form` shows user name and password; `redirect` sends the browser to `signInPath` below /hub; `link` has no form (one-time link). */
  readonly kind: 'form' | 'redirect' | 'link'
  /** Whether the form asks for a password at all. */
  readonly asksPassword: boolean
  /** Of `redirect`: below /hub, e.g. `oauth_login`. */
  readonly signInPath?: string
  /** Called for a POST of the sign-in form; with `token` for a one-time link. */
  authenticate(form: SignInForm, visit: Visit): Promise<AuthenticationResult>
  /** Present where people may ask for an account: fields `username` (normalised), `password` and `confirmation`. */
  signUp?(form: SignInForm, visit: Visit): Promise<SignUpResult>
}

/** What the hub gives every authenticator. */
export interface AuthenticatorDeps {
  readonly settings: () => Settings
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly passwords: Passwords
  readonly links: Links
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

/** What an authenticator may know of the request. */
export interface Visit {
  /** Address of the browser after trusted proxies were taken off. */
  readonly clientIp: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** `https://hub.example.org/hub/`: the public URL of the hub, with a trailing slash. */
  readonly hubUrl: string
}
