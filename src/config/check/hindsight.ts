/** What only shows when the values are seen together, or when one knows what they were written for. */
import { type MapNode, nodeAt, type ScalarNode } from '../yaml/tree.ts'
import type { Findings } from './findings.ts'

type Path = readonly string[]

export function checkTogether(root: MapNode, findings: Findings): void {
  if (findings.mode === 'local') return
  checkHubImage(root, findings)
  checkStaticStorage(root, findings)
}

function scalarAt(root: MapNode, path: Path): ScalarNode | null {
  const node = nodeAt(root, path)
  return node?.kind === 'scalar' && node.value !== null && node.value !== '' ? node : null
}

/** Images of JupyterHub's hub hold another program; the chart puts ours in the place of those that it can tell. */
function checkHubImage(root: MapNode, findings: Findings): void {
  const path = ['hub', 'image', 'name']
  const node = scalarAt(root, path)
  if (!node || /himalia/i.test(String(node.value))) return
  const isKnown = /(^|\/)k8s-hub(-[^/]*)?$/.test(String(node.value))
  const isDefault = /^(quay\.io\/)?jupyterhub\/k8s-hub(-slim)?$/.test(String(node.value))
  if (isDefault) return
  const at = { place: node.place, path }
  findings.report(isKnown ? 'HUB_IMAGE_REPLACED' : 'HUB_IMAGE_OTHER', at, { image: String(node.value) })
}

function checkStaticStorage(root: MapNode, findings: Findings): void {
  const type = scalarAt(root, ['singleuser', 'storage', 'type'])
  if (type?.value !== 'static' || scalarAt(root, ['singleuser', 'storage', 'static', 'pvcName'])) return
  findings.report('STORAGE_CLAIM_MISSING', { place: type.place, path: ['singleuser', 'storage', 'type'] }, undefined)
}
