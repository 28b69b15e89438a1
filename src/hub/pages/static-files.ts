/** Where the files of the pages lie, and the number under which browsers may keep them. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const staticDir = join(import.meta.dirname, '../../../web/static')

/** Bootstrap's `dist` folder. */
export const bootstrapDir = dirname(dirname(fileURLToPath(import.meta.resolve('bootstrap/dist/css/bootstrap.min.css'))))

let known: string | null = null

/** The same on every replica that serves the same files. Read once. */
export function versionHash(): string {
  known ??= computeHash()
  return known
}

function computeHash(): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(staticDir, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/\.\w+$/.test(name)) hash.update(name).update(readFileSync(join(staticDir, name)))
  }
  hash.update(readFileSync(join(bootstrapDir, 'css/bootstrap.min.css')))
  return hash.digest('hex').slice(0, 16)
}
