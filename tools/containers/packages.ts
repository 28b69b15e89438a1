/** Which folders of `node_modules` a program needs, from the lockfile. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** Paths such as `node_modules/pino`. `null`: all that `package.json` names, but for Node itself. */
export function neededPackages(root: string, names: readonly string[] | null): readonly string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>
  }
  const own = names ?? Object.keys(packages['']?.dependencies ?? {}).filter((name) => name !== 'node')
  const found = new Set<string>()
  const add = (name: string, from: string) => {
    const path = resolved(name, from, packages)
    if (path === null || found.has(path) || !existsSync(join(root, path))) return
    found.add(path)
    const { dependencies, optionalDependencies } = packages[path] ?? {}
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) add(needed, path)
  }
  for (const name of own) add(name, '')
  // A folder inside another is copied with it.
  return [...found].filter((path) => ![...found].some((other) => path.startsWith(`${other}/`))).sort()
}

/** As Node looks for it: among the asker's own packages first, then further up. */
function resolved(name: string, from: string, packages: Readonly<Record<string, Locked>>): string | null {
  const parts = from === '' ? [] : from.split(/\/?node_modules\//).slice(1)
  for (let depth = parts.length; depth >= 0; depth -= 1) {
    const path = [...parts.slice(0, depth), name].map((part) => `node_modules/${part}`).join('/')
    if (path in packages) return path
  }
  return null
}
