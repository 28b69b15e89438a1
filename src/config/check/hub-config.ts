import { nearest, sameWord } from '../nearest.ts'
import { classes, lineage, traitNames, traitRow } from '../traits/index.ts'
import type { Entry, MapNode, TreeNode } from '../yaml/tree.ts'
import type { Findings } from './findings.ts'
import { checkKind } from './kind.ts'

/** Checks `hub.config`: classes and their traits. */
export function checkHubConfig(config: MapNode, findings: Findings): void {
  for (const [className, { key: place, value }] of config.entries) {
    const at = { place, path: ['hub', 'config', className], masked: true }
    if (!/^[A-Z]/.test(className)) {
      findings.report('CLASS_NAME', at, { name: className, meant: sameWord(className, Object.keys(classes)) })
    } else if (!Object.hasOwn(classes, className)) {
      const meant = meantClass(className)
      if (meant) findings.report('CLASS_MISSPELT', at, { name: className, meant })
      else findings.report('CLASS_UNKNOWN', at, { name: className })
    } else if (value.kind === 'map') {
      for (const [name, entry] of value.entries) checkTrait(className, name, entry, findings)
    }
  }
}

function checkTrait(className: string, name: string, { key: place, value }: Entry, findings: Findings): void {
  const path = ['hub', 'config', className, name]
  const row = traitRow(className, name)
  const full = `${className}.${name}`
  if (!row) {
    findings.report(
      'TRAIT_UNKNOWN',
      { place, path, masked: true },
      { className, name, meant: meantTrait(className, name) },
    )
    return
  }
  const at = { place, path, masked: true }
  if (row.state === 'cluster') findings.needsCluster(path, place)
  if (row.state === 'works' || row.state === 'cluster' || row.state === 'later')
    checkKind(row.kind, value, { path, findings })
  else if (row.state === 'idle') findings.report('TRAIT_IDLE', at, { name: full, note: row.note })
  else if (row.state === 'refused') findings.report('TRAIT_REFUSED', at, { name: full, note: row.note })
  else if (row.state === 'hook' && !isEmpty(value)) findings.report('TRAIT_HOOK', at, { name: full, note: row.note })
}

const isEmpty = (node: TreeNode) => node.kind === 'scalar' && (node.value === null || node.value === '')

/** A class that differs by a slip; a class of one's own often ends like the one that it extends. */
function meantClass(written: string): string | null {
  const meant = nearest(written, Object.keys(classes))
  return meant && !written.endsWith(meant) ? meant : null
}

/** The nearest trait of the class; else the class that has one of this very name. */
function meantTrait(className: string, name: string): string | null {
  if (Object.hasOwn(classes, name)) return `hub.config.${name}, one level up`
  const own = sameWord(name, traitNames(className)) ?? nearest(name, traitNames(className))
  if (own) return own
  const other = Object.keys(classes).find((one) => Object.hasOwn(classes[one]?.table ?? {}, name))
  return other && !lineage(className).includes(other) ? `hub.config.${other}.${name}` : null
}
