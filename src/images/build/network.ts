/** Mirrors and certificates for a build's commands: as secrets, since an index may have a password in its address. */
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { networkSecrets } from '../plan/render.ts'

const mirrors = ['UV_DEFAULT_INDEX', 'PIP_INDEX_URL', 'NPM_CONFIG_REGISTRY']
const certificateVariables = [
  'SSL_CERT_FILE',
  'PIP_CERT',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'NODE_EXTRA_CA_CERTS',
  'GIT_SSL_CAINFO',
]

/** The files of the secrets, by their ids; null where this machine's network asks for nothing. */
export async function networkFiles(
  folder: string,
  certificates: string | null,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Record<keyof typeof networkSecrets, string> | null> {
  // uv does not read pip's variable.
  const index = env.UV_DEFAULT_INDEX ?? env.PIP_INDEX_URL
  const given: NodeJS.ProcessEnv = { ...env, ...(index && { UV_DEFAULT_INDEX: index }) }
  const values = mirrors.flatMap((name) => (given[name] ? [[name, given[name]] as const] : []))
  if (values.length === 0 && certificates === null) return null
  const files = { 'himalia-network': join(folder, 'network.sh'), 'himalia-ca': join(folder, 'ca.pem') }
  const trusted =
    certificates === null ? [] : certificateVariables.map((name) => [name, networkSecrets['himalia-ca']] as const)
  const lines = [...values, ...trusted].map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`)
  await writeFile(files['himalia-network'], `${lines.join('\n')}\n`, { mode: 0o600 })
  if (certificates === null) await writeFile(files['himalia-ca'], '')
  else await copyFile(certificates, files['himalia-ca'])
  return files
}
