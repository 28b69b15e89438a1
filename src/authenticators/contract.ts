/** What every authenticator does: it turns a browser's visit into an identity or a denial. Who may enter is decided elsewhere, for all in one place. */

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
  /** Goes encrypted into the user's row where auth_state is enabled. */
  readonly authState: Readonly<Record<string, unknown>> | null
}

export type AuthenticationResult =
  | { readonly kind: 'identity'; readonly identity: Identity }
  /** `message` is shown to the person; `log` (never shown) tells the administrator more. */
  | { readonly kind: 'denied'; readonly code: string; readonly message: string; readonly log?: string }

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
  /** Called for a POST of the sign-in form. */
  authenticate(form: SignInForm, visit: Visit): Promise<AuthenticationResult>
}

/** What an authenticator may know of the request. */
export interface Visit {
  /** Address of the browser after trusted proxies were taken off. */
  readonly clientIp: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** `https://hub.example.org/hub/`: the public URL of the hub, with a trailing slash. */
  readonly hubUrl: string
}
