/** The folder that a recipe copies from. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
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
  copyLibraries(join(folder, 'lib'))
  for (const file of ['package.json', 'LICENSE']) cpSync(join(root, file), join(app, file))
  for (const name of recipe.folders) {
    cpSync(join(root, name), join(app, name), { recursive: true, filter: (path) => !/\.(test|suite)\.ts$/.test(path) })
  }
  const packages = neededPackages(root, recipe.packages)
  for (const path of packages) cpSync(join(root, path), join(app, path), { recursive: true, filter: isOfUse })
  writeFileSync(join(app, 'sbom.json'), `${JSON.stringify(bill(root, packages), null, 1)}\n`)
}

/** Libraries of Node that small images are without. */
function copyLibraries(folder: string): void {
  const used = execFileSync('ldd', [process.execPath], { encoding: 'utf8' })
  const [, path] = /libatomic\.so\.1 => (\S+)/.exec(used) ?? []
  mkdirSync(folder, { recursive: true })
  if (path) copyFileSync(path, join(folder, 'libatomic.so.1'))
}

/** Maps and declarations serve those who write programs. */
function isOfUse(path: string): boolean {
  return !/\.(map|d\.[cm]?ts)$/.test(path)
}
