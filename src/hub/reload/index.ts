/** Settings that change while the hub runs: its parts read them at each use, and are given others here. */
import type { Millis } from '#base/clock.ts'
import type { Settings } from '#config'
import { withoutRestart } from './restart.ts'

/** What became of the file's last change, for administrators. */
export interface ReloadState {
  /** When it was last looked at; null: never since the start. */
  readonly at: Millis | null
  /** Keys whose new values wait for a restart. */
  readonly waiting: readonly string[]
  /** Why the new file was not taken, as the checker prints it; null: it was. */
  readonly refused: string | null
}

export class LiveSettings {
  #current: Settings
  #state: ReloadState = { at: null, waiting: [], refused: null }

  constructor(settings: Settings) {
    this.#current = settings
  }

  readonly current = (): Settings => this.#current

  readonly state = (): ReloadState => this.#state

  /** What of `next` can be taken without a restart, and the keys that can't. Changes nothing. */
  prepare(next: Settings): { settings: Settings; waiting: readonly string[] } {
    return withoutRestart(this.#current, next)
  }

  take({ settings, waiting }: ReturnType<LiveSettings['prepare']>, now: Millis): void {
    this.#current = settings
    this.#state = { at: now, waiting, refused: null }
  }

  /** The old settings stay. */
  refuse(why: string, now: Millis): void {
    this.#state = { ...this.#state, at: now, refused: why }
  }
}
