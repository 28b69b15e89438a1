import { isCodeFile } from '../code.ts'
import { isSection, type Key, type Section, values } from '../schema/index.ts'
import { traitRow } from '../traits/index.ts'
import type { Entry, MapNode, TreeNode } from '../yaml/tree.ts'
import { type Findings, type GivenLeaf, pathText } from './findings.ts'
import { checkHubConfig } from './hub-config.ts'
import { checkKind, got } from './kind.ts'
import { suggest } from './suggest.ts'

/** Checks every key of the merged file and gathers the leaves that it sets. */
export function checkValues(root: MapNode, findings: Findings): void {
  checkSection(values, root, [], findings)
}

function checkSection(section: Section, node: TreeNode, path: readonly string[], findings: Findings): void {
  if (node.kind === 'scalar' && node.value === null) return
  if (node.kind !== 'map') {
    const names = Object.keys(section.keys).slice(0, 4).join(', ')
    const detail = {
      path: pathText(path),
      expected: 'a map',
      got: got(node, false),
      hint: `It has keys such as ${names}.`,
    }
    findings.report('VALUE_TYPE', { place: node.place, path }, detail)
    return
  }
  for (const [name, entry] of node.entries) {
    const here = [...path, name]
    const known = Object.hasOwn(section.keys, name) ? (section.keys[name] as Key | Section) : null
    if (!known) reportUnknown(name, entry, path, findings)
    else if (isSection(known)) checkSection(known, entry.value, here, findings)
    else checkLeaf(known, entry, here, findings)
  }
}

function checkLeaf(key: Key, { key: place, value: node }: Entry, path: readonly string[], findings: Findings): void {
  findings.leaves.set(path.join('.'), { path, key, place, node })
  if (key.where === 'cluster' && !holdsOnlyCode(path, node)) findings.needsCluster(path, place)
  checkKind(key.kind, node, { path, findings })
  noteIdle(key, { place, node, path }, findings)
  if (path.join('.') === 'hub.config' && node.kind === 'map') checkHubConfig(node, findings)
}

/** Files that hold code are read here, wherever servers run. */
function holdsOnlyCode(path: readonly string[], node: TreeNode): boolean {
  return path.join('.') === 'hub.extraFiles' && node.kind === 'map' && [...node.entries.values()].every(isCodeFile)
}

/** A key without effect is worth a word when somebody chose its value. */
function noteIdle(key: Key, at: Pick<GivenLeaf, 'place' | 'node' | 'path'>, findings: Findings): void {
  const [className = '', trait = ''] = key.trait?.split('.') ?? []
  const row = key.trait ? traitRow(className, trait) : null
  const isDefault = at.node.kind === 'scalar' && (at.node.value === null || at.node.value === key.default)
  if (row?.state === 'idle' && !isDefault)
    findings.report('TRAIT_IDLE', at, { name: at.path.join('.'), note: row.note })
}

/** Keys of charts that are often the parent of this one. */
const neighbours =
  /^(dask-?gateway|binderhub|basehub|daskhub|jupyterhub-.*|nfs|ingress-nginx|cert-manager|prometheus|grafana)$/

function reportUnknown(name: string, { key: place, value }: Entry, path: readonly string[], findings: Findings): void {
  const here = { place, path: [...path, name], masked: true }
  const suggestion = suggest(name, value, path)
  const parent = pathText(path)
  if (suggestion.kind === 'elsewhere') {
    findings.report('KEY_MISPLACED', here, { key: name, parent, right: suggestion.paths })
    return
  }
  if (suggestion.kind === 'none' && path.length === 0 && neighbours.test(name)) {
    findings.report('KEY_OF_PARENT', here, { key: name })
    return
  }
  const meant = suggestion.kind === 'sibling' ? suggestion.name : null
  findings.report('KEY_UNKNOWN', here, { key: name, parent, meant, custom: path.length === 0 })
}
