/** Calls to the administrator's code: in which thread, what they may give, and how a failure is told. */
import type { Log } from '#base/log.ts'
import { errors } from './errors.ts'
import type { HookName } from './hook-names.ts'
import { type HookCode, placeInStack, placeText, urlOf } from './source.ts'
import { CallFailed, Thread } from './thread.ts'

export interface Expected<T> {
  readonly words: string
  readonly fits: (value: unknown) => value is T
}

export class Caller {
  readonly #code: () => HookCode
  readonly #log: Log
  #present: { key: string; thread: Thread } | null = null

  constructor(code: () => HookCode, log: Log) {
    this.#code = code
    this.#log = log
  }

  /** Calls the hook of every piece that has it, one after the other; `args` of null ends that. */
  async each<T>(
    name: HookName,
    args: () => readonly unknown[] | null,
    expected: Expected<T>,
    then: (value: T) => void = () => {},
  ): Promise<readonly T[]> {
    const { sources, timeoutSeconds } = this.#code()
    const timeoutMs = timeoutSeconds * 1000
    const thread = this.#thread()
    const results: T[] = []
    for (const source of await this.#having(name)) {
      const given = args()
      if (given === null) break
      const at = { hook: name, place: placeText({ source, line: null, column: null }) }
      const value = await thread.call({ url: urlOf(source), name, args: given }, timeoutMs).catch((error) => {
        if (!(error instanceof CallFailed)) throw error
        if (!error.thrown) throw errors.HOOK_TIMEOUT({ ...at, seconds: timeoutSeconds })
        const place = placeInStack(error.thrown.stack, sources)
        throw errors.HOOK_FAILED({ hook: name, place: place ? placeText(place) : at.place, why: error.thrown.message })
      })
      if (!expected.fits(value)) throw errors.HOOK_RESULT({ ...at, expected: expected.words })
      results.push(value)
      then(value)
    }
    return results
  }

  async authenticator() {
    const { exported } = await this.#loaded()
    return exported.find(({ authenticator }) => authenticator !== null)?.authenticator ?? null
  }

  async close(): Promise<void> {
    await this.#present?.thread.end()
    this.#present = null
  }

  async #having(name: HookName) {
    const { exported } = await this.#loaded()
    return this.#code().sources.filter((source) =>
      exported.some(({ url, names }) => url === urlOf(source) && names.includes(name)),
    )
  }

  /** Errors: HOOK_BROKEN. */
  async #loaded() {
    const { sources, timeoutSeconds } = this.#code()
    const loaded = await this.#thread().load(timeoutSeconds * 1000)
    const [broken] = loaded.broken
    if (broken) {
      const place = placeInStack(broken.thrown.stack, sources)
      throw errors.HOOK_BROKEN({ place: place ? placeText(place) : broken.url, why: broken.thrown.message })
    }
    return loaded
  }

  #thread(): Thread {
    const { sources } = this.#code()
    const key = JSON.stringify(sources)
    if (this.#present?.key === key) return this.#present.thread
    const old = this.#present?.thread
    const thread = new Thread(sources, (line) => this.#log.info({ line }, 'A hook printed'))
    this.#present = { key, thread }
    void old?.finish()
    return thread
  }
}
