import { excerptOf } from '../excerpt.ts'
import type { Mode } from '../load.ts'
import type { Problem } from '../problem.ts'
import type { Key } from '../schema/index.ts'
import { type Place, positionOf, type TreeNode } from '../yaml/tree.ts'
import { type CheckCode, checkRows, type DetailOf } from './messages.ts'

export type Path = readonly (string | number)[]

/** A leaf of the schema that the file sets, null ones included. */
export interface GivenLeaf {
  readonly path: readonly string[]
  readonly key: Key
  readonly place: Place
  readonly node: TreeNode
}

/** What a check gathers on its way through the file. */
export class Findings {
  readonly problems: Problem[] = []
  /** By path: `singleuser.cmd`. */
  readonly leaves = new Map<string, GivenLeaf>()
  /** Files that references name, absolute. */
  readonly readFiles: string[] = []
  readonly mode: Mode
  readonly #clusterOnly: { path: string; place: Place }[] = []
  readonly #templates: Place[] = []

  constructor(mode: Mode) {
    this.mode = mode
  }

  /** `masked` hides the value in the excerpt; say so for what is secret or unknown. */
  report<C extends CheckCode>(
    code: C,
    at: { place: Place | null; path: Path; masked?: boolean },
    detail: DetailOf<C>,
  ): void {
    const row = checkRows[code]
    const { place } = at
    this.problems.push({
      severity: row.severity,
      code,
      file: place?.source.name ?? '',
      ...(place ? positionOf(place.source, place.start) : { line: 0, column: 0 }),
      path: pathText(at.path),
      // Safe: `DetailOf` ties the detail to its row.
      message: (row.message as (detail: unknown) => string)(detail),
      hint: (row.hint as (detail: unknown) => string | null)(detail),
      excerpt: place ? excerptOf(place, { masked: at.masked ?? false }) : null,
    })
  }

  /** Whether something at or below a path is wrong, so that its value means nothing. */
  isWrong(path: string): boolean {
    return this.problems.some(
      (one) =>
        one.severity === 'error' &&
        (one.path === path || one.path.startsWith(`${path}.`) || one.path.startsWith(`${path}[`)),
    )
  }

  /** Notes something that has no effect on one machine; all of it becomes one warning. */
  needsCluster(path: Path, place: Place): void {
    if (this.mode === 'local') this.#clusterOnly.push({ path: pathText(path), place })
  }

  /** Notes a value that something else fills in before Helm sees it; all of them become one error. */
  isTemplate(place: Place): void {
    this.#templates.push(place)
  }

  /** Ends the gathering: says once what needs a cluster, and once what is no value yet. */
  finish(): readonly Problem[] {
    this.#tellTemplates()
    const [first] = this.#clusterOnly
    if (first) {
      const places = new Map<string, string[]>()
      for (const { path, place } of this.#clusterOnly) {
        const { line } = positionOf(place.source, place.start)
        const every = path.replace(/\[\d+\]/g, '[]')
        places.set(every, [...(places.get(every) ?? []), `${place.source.name}:${line}`])
      }
      const list = [...places].map(([path, at]) => `${path} (${[...new Set(at)].join(', ')})`)
      this.report('CLUSTER_ONLY', { place: first.place, path: [] }, { list })
    }
    return this.problems
  }

  #tellTemplates(): void {
    const places = this.#templates.toSorted((a, b) => a.start - b.start)
    const [first] = places
    if (!first) return
    const lines = places.map(({ source, start }) => `${source.name}:${positionOf(source, start).line}`)
    this.report('TEMPLATE', { place: first, path: [] }, { lines: [...new Set(lines)] })
  }
}

/** `singleuser.profileList[1].slug` */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    const name = /^[\w-]+$/.test(step) ? step : JSON.stringify(step)
    return text === '' ? name : `${text}.${name}`
  }, '')
}
