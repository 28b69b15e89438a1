/** What a configuration file has wrong, or what is worth knowing about it. Collected, never thrown one by one. */
export interface Problem {
  readonly severity: 'error' | 'warning' | 'notice'
  /** Permanent, upper case with underscores. */
  readonly code: string
  /** As it was given, e.g. `config.yaml`; empty when the problem is not in a file. */
  readonly file: string
  /** Counts from 1; 0 when the problem is not at a place. */
  readonly line: number
  /** Counts from 1, in characters. */
  readonly column: number
  /** `singleuser.profileList[1].slug`; empty when the problem is the file's. */
  readonly path: string
  /** What is wrong, in full sentences; never holds a secret. */
  readonly message: string
  /** What to write instead; null when there is nothing to add. */
  readonly hint: string | null
  /** The line in question and how much of it to underline; secrets are masked. null: no such line. */
  readonly excerpt: Excerpt | null
}

export interface Excerpt {
  readonly text: string
  /** Where the caret begins, counted from 0 in `text`. */
  readonly start: number
  readonly length: number
}

export const hasErrors = (problems: readonly Problem[]): boolean =>
  problems.some((problem) => problem.severity === 'error')
