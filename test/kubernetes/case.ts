/** A configuration for which our manifests must be KubeSpawner's. */
export interface Case {
  /** What is peculiar about it; the name of its test. */
  readonly says: string
  /** `hub.config.KubeSpawner`, for both. */
  readonly traits?: Readonly<Record<string, unknown>>
  /** Keys of the chart for us; `traits` is then what z2jh's own configuration makes of them, for the peer only. */
  readonly values?: Readonly<Record<string, unknown>>
  readonly user?: string
  readonly server?: string
  /** What the user picked, as the REST API takes it. */
  readonly options?: Readonly<Record<string, unknown>>
  /** The address of the pod. */
  readonly ip?: string
  /** The row of `differences.ts` that says what differs, and why it is meant. */
  readonly differs?: string
}
