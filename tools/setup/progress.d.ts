/** Shows what goes on while it goes on: one live line on a terminal, plain lines elsewhere; on standard error. */
export function createProgress(stream?: NodeJS.WriteStream): {
  note(text: string): void
  during(title: string, work: (say: (line: string) => void) => Promise<void>): Promise<void>
}
