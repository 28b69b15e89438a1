/** What a command writes to; the caller decides where that goes. */
export interface Io {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Colours are welcome. */
  readonly color: boolean
}

/** The command line can't be understood. */
export class UsageProblem extends Error {}

/** Exit codes: all is well, errors were found, the command line is wrong. */
export const exit = { fine: 0, errors: 1, usage: 2 } as const
