/** What a command needs of the process that it runs in. */
export interface Terminal {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
  readonly version: string
}
