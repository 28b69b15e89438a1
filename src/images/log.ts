/** What a person or a program sees of a build while it runs. */

export type Phase = 'fetching' | 'building' | 'pushing' | 'running' | 'failed'

/** One line; no phase means that it belongs to none, as repo2docker's own remarks. */
export type BuildLog = (message: string, phase?: Phase) => void

export const quietLog: BuildLog = () => {}
