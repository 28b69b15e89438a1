/** Calls to the administrator's code: in which thread, what they may give, and how a failure is told. */
import type { Log } from '#base/log.ts'
import { errors } from './errors.ts'
import type { HookName } from './hook-names.ts'
import type { Exported } from './messages.ts'
import { scripts } from './program.ts'
import { takePython } from './python-thread.ts'
import { type HookCode, type HookSource, placeInStack, placeText, urlOf } from './source.ts'
import { CallFailed, type Loaded, Thread } from './thread.ts'

export interface Expected<T> {
  readonly words: string
  readonly fits: (value: unknown) => value is T
}

/** A thread with pieces of code in it. */
interface Present {
  readonly key: string
  readonly thread: Thread
  readonly sources: readonly HookSource[]
}

/** One piece that has the hook. */
interface Target {
  readonly present: Present
  readonly url: string
  readonly place: string
}

export class Caller {
  readonly #code: () => HookCode
  readonly #log: Log
  #scripts: Present | null = null
  #python: Present | null = null

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
    const results: T[] = []
    for (const target of await this.#having(name)) {
      const given = args()
      if (given === null) break
      const value = await this.#call(target, name, given)
      if (!expected.fits(value)) throw errors.HOOK_RESULT({ hook: name, place: target.place, expected: expected.words })
      results.push(value)
      then(value)
    }
    return results
  }

  async authenticator() {
    for (const present of this.#presents()) {
      const { exported } = await this.#loaded(present)
      const found = exported.find(({ authenticator }) => authenticator !== null)
      if (found) return found.authenticator
    }
    return null
  }

  async close(): Promise<void> {
    const open = [this.#scripts, this.#python]
    this.#scripts = null
    this.#python = null
    for (const present of open) await present?.thread.end()
  }

  /** Errors: HOOK_FAILED, HOOK_REFUSED, HOOK_TIMEOUT. */
  async #call({ present, url, place }: Target, name: HookName, args: readonly unknown[]): Promise<unknown> {
    const { timeoutSeconds } = this.#code()
    return present.thread.call({ url, name, args }, timeoutSeconds * 1000).catch((error) => {
      if (!(error instanceof CallFailed)) throw error
      const { thrown, interruptedAt } = error
      const found = placeInStack(thrown?.stack ?? interruptedAt, present.sources)
      const at = { hook: name, place: found ? placeText(found) : place }
      if (!thrown) throw errors.HOOK_TIMEOUT({ ...at, seconds: timeoutSeconds })
      const isRefusal = thrown.status && thrown.status >= 400 && thrown.status < 500
      if (isRefusal) throw errors.HOOK_REFUSED({ why: thrown.message })
      throw errors.HOOK_FAILED({ ...at, why: thrown.hint ? `${thrown.message} ${thrown.hint}` : thrown.message })
    })
  }

  /** Python first: its world was there before the hooks of TypeScript. */
  async #having(name: HookName): Promise<readonly Target[]> {
    const targets: Target[] = []
    for (const present of this.#presents()) {
      const { exported } = await this.#loaded(present)
      targets.push(...targetsIn(present, exported, name))
    }
    return targets
  }

  /** Errors: HOOK_BROKEN. */
  async #loaded({ thread, sources }: Present): Promise<Loaded> {
    const loaded = await thread.load(this.#code().timeoutSeconds * 1000)
    const [broken] = loaded.broken
    const [problem] = (loaded.outcome?.problems ?? []).filter(({ severity }) => severity === 'error')
    const thrown = broken?.thrown ?? problem
    if (thrown) {
      const place = placeInStack(thrown.stack, sources)
      throw errors.HOOK_BROKEN({ place: place ? placeText(place) : (broken?.url ?? 'Python'), why: thrown.message })
    }
    return loaded
  }

  #presents(): readonly Present[] {
    const { sources, python = null, timeoutSeconds } = this.#code()
    const say = (line: string) => this.#log.info({ line }, 'A hook printed')
    this.#python = renewed(this.#python, python && { sources: python.sources, key: JSON.stringify(python.code) }, () =>
      // Safe: it is asked for only where there is Python.
      takePython(python as NonNullable<typeof python>, timeoutSeconds, say),
    )
    this.#scripts = renewed(
      this.#scripts,
      sources.length > 0 ? { sources, key: JSON.stringify(sources) } : null,
      () => new Thread(() => scripts(sources), say),
    )
    return [this.#python, this.#scripts].filter((one) => one !== null)
  }
}

/** The thread for the code as it is now; one with other code ends when its calls have come back. */
function renewed(old: Present | null, wanted: Omit<Present, 'thread'> | null, open: () => Thread): Present | null {
  if (old && old.key === wanted?.key) return old
  const present = wanted && { ...wanted, thread: open() }
  void old?.thread.finish()
  return present
}

function targetsIn(present: Present, exported: readonly Exported[], name: HookName): readonly Target[] {
  const having = exported.filter(({ names }) => names.includes(name))
  return having.flatMap(({ url }) => {
    const source = present.sources.find((one) => urlOf(one) === url) ?? present.sources[0]
    return source ? [{ present, url, place: placeText({ source, line: null, column: null }) }] : []
  })
}
