import type { Millis } from '#base/clock.ts'
import { parseTarget, type Target } from './target.ts'
import { Trie } from './trie.ts'

/** What a client of the API stored, kept word for word. */
export type RouteData = Readonly<Record<string, unknown>> & { readonly target: string }

export interface Route {
  /** `/` or `/user/ada`, decoded. */
  readonly key: string
  readonly data: RouteData
  readonly target: Target
  /** Outlives a replacement, so that open websockets keep counting for the new route. */
  readonly activity: Activity
}

export interface Activity {
  at: Millis
}

/** The routes in memory: found by longest prefix, listed in the order they were first added. */
export class RouteTable {
  readonly #trie = new Trie<Route>()
  readonly #routes = new Map<string, Route>()

  match(path: string): Route | null {
    return this.#trie.match(path)
  }

  get(key: string): Route | null {
    return this.#routes.get(key) ?? null
  }

  all(): Iterable<Route> {
    return this.#routes.values()
  }

  get size(): number {
    return this.#routes.size
  }

  /** Adds or replaces as a whole. Errors: PROXY_TARGET_INVALID. */
  set(key: string, data: RouteData, at: Millis): void {
    const activity = this.#routes.get(key)?.activity ?? { at }
    activity.at = at
    const route = { key, data, target: parseTarget(data.target), activity }
    this.#trie.set(key, route)
    this.#routes.set(key, route)
  }

  /** False when there was none. */
  delete(key: string): boolean {
    this.#trie.delete(key)
    return this.#routes.delete(key)
  }
}
