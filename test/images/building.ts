/** Where tests build for real: with Buildah, in a storage of the clone's own that keeps what is built between runs. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { repo2dockerCommand } from '../../src/images/index.ts'
import { whyNoImages } from '../../tools/setup/images/possible.js'

/** The reason why such a test is skipped; false where it runs. */
export const noImages = whyNoImages() ?? false

export const base = 'localhost/himalia-test-base'

process.env.CONTAINERS_STORAGE_CONF = join(import.meta.dirname, '..', '..', '.himalia', 'images', 'storage.conf')
// A mirror's certificates are the machine's.
process.env.HIMALIA_CA_FILE ??= '/etc/ssl/certs/ca-certificates.crt'

/** What the base has, so that nothing is fetched from elsewhere than Debian, PyPI and npm. */
export const python = '3.11'
const always = [`--engine=buildah`, `--Repo2Docker.base_image=${base}`, `--Repo2Docker.default_python=${python}`]

export interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}

export async function repo2docker(words: readonly string[], signal = AbortSignal.timeout(500_000)): Promise<Said> {
  const said = { out: '', err: '' }
  const keep = (where: 'out' | 'err') => (text: string) => {
    said[where] += text
  }
  const terminal = { out: keep('out'), err: keep('err'), env: process.env, signal, version: '0' }
  return { code: await repo2dockerCommand([...always, ...words], terminal), ...said }
}

export function removeImage(name: string): void {
  spawnSync('buildah', ['rmi', '--force', name], { stdio: 'ignore' })
}
