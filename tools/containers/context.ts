/** The folder that a recipe copies from. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bill } from './bill.ts'
import { neededPackages } from './packages.ts'
import type { Recipe } from './recipes.ts'

export function fillContext(root: string, folder: string, recipe: Recipe): void {
  rmSync(folder, { recursive: true, force: true })
  const app = join(folder, 'app')
  mkdirSync(app, { recursive: true })
  for (const name of ['himalia', 'configurable-http-proxy']) cpSync(join(root, 'containers', name), join(folder, name))
  cpSync(process.execPath, join(folder, 'node'), { dereference: true })
  for (const file of ['package.json', 'LICENSE']) cpSync(join(root, file), join(app, file))
  for (const name of recipe.folders) {
    cpSync(join(root, name), join(app, name), { recursive: true, filter: (path) => !/\.(test|suite)\.ts$/.test(path) })
  }
  const packages = neededPackages(root, recipe.packages)
  for (const path of packages) cpSync(join(root, path), join(app, path), { recursive: true, filter: isOfUse })
  writeFileSync(join(app, 'sbom.json'), `${JSON.stringify(bill(root, packages), null, 1)}\n`)
}

/** Maps and declarations serve those who write programs. */
function isOfUse(path: string): boolean {
  return !/\.(map|d\.[cm]?ts)$/.test(path)
}
