/** Something that the doctor tells, and the table that all of it comes from. */

/** `error`: people notice it; `warning`: they will, or some of them do; `note`: good to know. */
export type Level = 'error' | 'warning' | 'note'

export interface Finding {
  /** Permanent. */
  readonly code: string
  readonly level: Level
  /** What it is about: `pod/hub-5d9f`. */
  readonly about: string
  /** A full sentence. */
  readonly message: string
  /** What mends it, in words. */
  readonly hint: string
  /** What to type: mends it, or shows more where nobody can know what mends it. */
  readonly commands: readonly string[]
  /** The last lines that a container wrote, oldest first. */
  readonly log: readonly string[]
}

interface Row {
  readonly level: Level
  readonly says: (facts: never) => string
  readonly hint: string | ((facts: never) => string)
  /** Without the namespace, which is put behind `kubectl` and `helm` when it is shown. */
  readonly commands: (facts: never) => readonly string[]
}

type About = { readonly about: string; readonly log?: readonly string[] }

/** Turns rows into typed makers. */
export function findingCatalog<const T extends Record<string, Row>>(rows: T) {
  const maker =
    (code: string, row: Row) =>
    (facts: About): Finding => {
      const told = facts as never
      const hint = typeof row.hint === 'function' ? row.hint(told) : row.hint
      const { about, log = [] } = facts
      return { code, level: row.level, about, message: row.says(told), hint, commands: row.commands(told), log }
    }
  return Object.fromEntries(Object.entries(rows).map(([code, row]) => [code, maker(code, row)])) as unknown as {
    [Code in keyof T]: (facts: Parameters<T[Code]['says']>[0] & About) => Finding
  }
}
