/** Where an unknown key belongs. */
import { nearest, sameWord, simple } from '../nearest.ts'
import { entryAt, isSection, type Key, type Section, values } from '../schema/index.ts'
import { classes } from '../traits/index.ts'
import type { TreeNode } from '../yaml/tree.ts'
import { fits } from './kind.ts'

export type Suggestion =
  | { readonly kind: 'sibling'; readonly name: string }
  | { readonly kind: 'elsewhere'; readonly paths: readonly string[] }
  | { readonly kind: 'none' }

/** A key in another spelling, a key of another place with this shape, or the nearest one. */
export function suggest(name: string, node: TreeNode, parent: readonly string[]): Suggestion {
  const section = entryAt(parent)
  const siblings = section && isSection(section) ? Object.keys(section.keys) : []
  const sibling = sameWord(name, siblings)
  if (sibling) return { kind: 'sibling', name: sibling }
  const places = elsewhere(name, node, parent)
  if (places.length > 0) return { kind: 'elsewhere', paths: places }
  const trait = traitNamed(name, node)
  if (trait) return { kind: 'elsewhere', paths: [trait] }
  const near = nearest(name, siblings)
  return near ? { kind: 'sibling', name: near } : { kind: 'none' }
}

/** The places that have a key of this name and shape, best first; none when there are too many to mean one. */
function elsewhere(name: string, node: TreeNode, parent: readonly string[]): string[] {
  const found: { path: string; score: number }[] = []
  for (const [path, entry] of everyEntry(values, [])) {
    if (simple(path.at(-1) ?? '') !== simple(name) || path.join('.') === [...parent, name].join('.')) continue
    const score = shapeScore(entry, node) + (isBelow(path, parent) ? 1 : 0)
    if (score > 0) found.push({ path: path.join('.'), score })
  }
  const best = Math.max(0, ...found.map((one) => one.score))
  const paths = found.filter((one) => one.score === best).map((one) => one.path)
  return paths.length > 3 ? [] : paths
}

/** How well a value would do at an entry: 0 not at all; for sections, how many of its keys are known there. */
function shapeScore(entry: Key | Section, node: TreeNode): number {
  if (!isSection(entry)) return fits(entry.kind, node) ? 1 : 0
  if (node.kind === 'scalar' && node.value === null) return 1
  if (node.kind !== 'map') return 0
  const known = [...node.entries.keys()].filter((key) => Object.hasOwn(entry.keys, key)).length
  return known === node.entries.size ? 1 + known : known === 0 ? 0 : 0.5 + known / 2
}

function isBelow(path: readonly string[], parent: readonly string[]): boolean {
  return parent.every((step, index) => path[index] === step)
}

function* everyEntry(section: Section, path: readonly string[]): Iterable<[readonly string[], Key | Section]> {
  for (const [name, entry] of Object.entries(section.keys)) {
    const here = [...path, name]
    yield [here, entry]
    if (isSection(entry)) yield* everyEntry(entry, here)
  }
}

/** `mem_limit` → the key that stands for this trait, or its place below hub.config. */
function traitNamed(name: string, node: TreeNode): string | null {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  for (const [className, { table }] of Object.entries(classes)) {
    if (!Object.hasOwn(table, snake) || ['debug', 'url', 'enabled'].includes(snake)) continue
    const row = table[snake]
    if (row && 'kind' in row && fits(row.kind, node)) return `hub.config.${className}.${snake}`
  }
  return null
}
