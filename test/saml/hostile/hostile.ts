/** An answer that must let nobody in. */
export interface Hostile {
  readonly name: string
  /** The posted field, for a request with this ID; the ID of another request, where one is needed, is `other`. */
  make(request: string, other: string): string
  /** What the log must say. */
  readonly code: string
}
