/** What the world of the administrator's Python is made of, and what comes back of it. Plain data, both ways. */

export interface PythonSource {
  /** `hook:///extraConfig/10-mine`: how tracebacks call it. */
  readonly url: string
  readonly code: string
}

/** A file that Python finds at `path`, to be read. */
export interface PythonFile {
  readonly path: string
  readonly base64: string
}

/** A way of signing in that code may extend. */
export interface PythonAuthenticator {
  readonly className: string
  readonly parent: string
  readonly modules: readonly string[]
  /** The short name that selects it. */
  readonly short: string
}

type Traits = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export interface PythonCode {
  readonly sources: readonly PythonSource[]
  readonly files: readonly PythonFile[]
  /** For `get_config`: the values of the chart, defaults filled in. */
  readonly values: Readonly<Record<string, unknown>>
  readonly secrets: Readonly<Record<string, string>>
  /** What `c` holds before the first piece, by class. */
  readonly traits: Traits
  /** All traits that there are, with their defaults. */
  readonly known: Traits
  readonly authenticators: readonly PythonAuthenticator[]
  readonly environment: Readonly<Record<string, string>>
  readonly baseUrl: string
}

/** What code left in `c`. */
export interface PythonAssignment {
  readonly className: string
  readonly trait: string
  readonly value: unknown
  /** The URL of the piece, and its line from 1; null where none is known. */
  readonly place: readonly [url: string, line: number] | null
}

export interface PythonProblem {
  readonly severity: 'error' | 'warning'
  /** Empty where it is of no piece. */
  readonly url: string
  readonly message: string
  readonly hint: string | null
  /** Holds `url:line` of the innermost place. */
  readonly stack: string
}

export interface PythonOutcome {
  readonly assignments: readonly PythonAssignment[]
  readonly hooks: readonly string[]
  readonly problems: readonly PythonProblem[]
  readonly authenticator: { readonly service: string | null; readonly asksPassword: boolean } | null
}
