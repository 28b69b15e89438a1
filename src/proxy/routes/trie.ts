/**
 * A map from paths to values that finds the longest prefix by whole segments. `Map` all the way: `/constructor` and
 * `/toString` are paths like any other.
 */
interface Node<Value> {
  value: Value | null
  children: Map<string, Node<Value>> | null
}

export class Trie<Value> {
  readonly #root: Node<Value> = { value: null, children: null }

  /** `key` is `/` or `/a/b` without empty segments. */
  set(key: string, value: Value): void {
    let node = this.#root
    for (const segment of segmentsOf(key)) {
      node.children ??= new Map()
      let child = node.children.get(segment)
      if (!child) {
        child = { value: null, children: null }
        node.children.set(segment, child)
      }
      node = child
    }
    node.value = value
  }

  /** Forgets a key and the branches that led only to it. */
  delete(key: string): void {
    const segments = segmentsOf(key)
    const path = [this.#root]
    for (const segment of segments) {
      const child = path.at(-1)?.children?.get(segment)
      if (!child) return
      path.push(child)
    }
    const last = path.at(-1)
    if (last) last.value = null
    for (let depth = segments.length; depth > 0; depth -= 1) {
      if (path[depth]?.value != null || path[depth]?.children?.size) return
      path[depth - 1]?.children?.delete(segments[depth - 1] as string)
    }
  }

  /** The value of the longest prefix of `path`, which starts with a slash. No array per lookup: this is the hot path. */
  match(path: string): Value | null {
    let node = this.#root
    let best = node.value
    let start = 1
    while (node.children) {
      const slash = path.indexOf('/', start)
      const end = slash < 0 ? path.length : slash
      const child = node.children.get(path.slice(start, end))
      if (!child) break
      if (child.value !== null) best = child.value
      if (slash < 0) break
      node = child
      start = slash + 1
    }
    return best
  }
}

function segmentsOf(key: string): string[] {
  return key === '/' ? [] : key.slice(1).split('/')
}
