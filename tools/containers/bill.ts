/** What an image is made of, as CycloneDX: the software bill of materials. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export function bill(root: string, packages: readonly string[]): object {
  const all = packages.flatMap((path) => [path, ...globSync(`${path}/**/node_modules/{*,@*/*}`, { cwd: root })])
  const components = all.flatMap((path) => {
    const { name, version, license } = manifest(join(root, path))
    if (!name || !version) return []
    const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`
    return [{ type: 'library', name, version, purl, ...(license ? { licenses: [{ license: { id: license } }] } : {}) }]
  })
  const { name, version } = manifest(root)
  const node = {
    type: 'platform',
    name: 'node',
    version: process.versions.node,
    purl: `pkg:generic/node@${process.versions.node}`,
  }
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: { component: { type: 'application', name, version } },
    components: [node, ...components],
  }
}

function manifest(folder: string): { name?: string; version?: string; license?: string } {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  } catch {
    return {}
  }
}
