/**
 * `hub.existingSecret`: a Secret that the administrator keeps, mounted as files. Its `values.yaml` is merged over the
 * values, and then each of its other keys that names a value by its path, as z2jh does.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { overridesText } from './overrides.ts'
import { readSource } from './read-source.ts'
import { unreadable } from './unreadable.ts'
import { fileProblem } from './yaml/problems.ts'
import { type ReadFile, readYaml } from './yaml/read.ts'
import { nodeAt } from './yaml/tree.ts'

const single =
  /^(?:hub\.config\.JupyterHub\.cookie_secret|hub\.config\.CryptKeeper\.keys|hub\.db\.password|hub\.services\.[^.]+\.apiToken)$/

/** What the Secret adds, in the order in which it is merged; nothing when none is named. */
export async function existingSecret(written: readonly ReadFile[], secrets: string): Promise<readonly ReadFile[]> {
  const name = written.map(({ root }) => nodeAt(root, ['hub', 'existingSecret'])).findLast((node) => node !== null)
  if (name?.kind !== 'scalar' || typeof name.value !== 'string' || !/^[-.a-z0-9]{1,253}$/.test(name.value)) return []
  const folder = join(secrets, name.value)
  try {
    const files = await readdir(folder)
    const values = files.includes('values.yaml') ? [await readSource(join(folder, 'values.yaml'))] : []
    const keys = files.filter((file) => single.test(file))
    const texts = await Promise.all(keys.map((key) => readFile(join(folder, key), 'utf8')))
    const overrides = Object.fromEntries(keys.map((key, index) => [key, parsed(key, texts[index]!)]))
    return keys.length === 0 ? values : [...values, readYaml(folder, overridesText(overrides))]
  } catch (error) {
    const problem = fileProblem('FILE_UNREADABLE', folder, { what: unreadable(error) })
    return [{ ...readYaml(folder, ''), problems: [problem] }]
  }
}

/** Keys of the CryptKeeper come one a line, or with semicolons between them. */
function parsed(key: string, text: string): unknown {
  const value = text.replace(/\r?\n$/, '')
  return key.endsWith('CryptKeeper.keys') ? value.split(/[;\n]/).filter((one) => one !== '') : value
}
