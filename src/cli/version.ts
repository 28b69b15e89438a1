/** The version of Himalia, from its manifest. */
import { readFile } from 'node:fs/promises'

export async function version(): Promise<string> {
  const manifest = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return manifest.version
}
