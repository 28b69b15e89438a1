/** Certificates of the cluster's own authority, and the kubeconfig of each who has one. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Addresses } from './addresses.ts'
import { run } from './run.ts'

interface Identity {
  /** The user (CN) and group (O) that the API server sees. */
  readonly user: string
  readonly group: string
  /** subjectAltName, for those that serve. */
  readonly names?: string
}

const identities = ({ node, api }: Addresses): Readonly<Record<string, Identity>> => ({
  'kube-apiserver': {
    user: 'kube-apiserver',
    group: 'himalia',
    names: `DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:${api},IP:${node}`,
  },
  admin: { user: 'admin', group: 'system:masters' },
  'kube-controller-manager': { user: 'system:kube-controller-manager', group: 'himalia' },
  'kube-scheduler': { user: 'system:kube-scheduler', group: 'himalia' },
  'kube-proxy': { user: 'system:kube-proxy', group: 'himalia' },
  kubelet: { user: 'system:node:node1', group: 'system:nodes', names: `DNS:node1,IP:${node}` },
})

/** Fills `folder`: `ca.crt`, `sa.key` and `sa.pub` for service accounts; `<who>.crt`, `.key` and `.conf` for each. */
export async function createPki(folder: string, addresses: Addresses): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const at = (name: string) => join(folder, name)
  const openssl = (...words: string[]) => run(['openssl', ...words])
  await openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.crt'),
    ...long,
    '-subj',
    '/CN=himalia',
  )
  await openssl('genrsa', '-out', at('sa.key'), '2048')
  await openssl('rsa', '-in', at('sa.key'), '-pubout', '-out', at('sa.pub'))
  for (const [who, identity] of Object.entries(identities(addresses))) {
    const subject = `/O=${identity.group}/CN=${identity.user}`
    const names = `subjectAltName=${identity.names ?? `DNS:${who}`}\nextendedKeyUsage=serverAuth,clientAuth\n`
    await writeFile(at(`${who}.ext`), names)
    await openssl('req', ...newKey, '-keyout', at(`${who}.key`), '-out', at(`${who}.csr`), '-subj', subject)
    const sign = ['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at(`${who}.ext`), ...long]
    await openssl('x509', '-req', '-in', at(`${who}.csr`), '-out', at(`${who}.crt`), ...sign)
    await writeFile(at(`${who}.conf`), await kubeconfig(folder, who, addresses), { mode: 0o600 })
  }
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
const long = ['-days', '365']

async function kubeconfig(folder: string, who: string, { node, name }: Addresses): Promise<string> {
  const data = async (file: string) => (await readFile(join(folder, file))).toString('base64')
  const cluster = { server: `https://${node}:6443`, 'certificate-authority-data': await data('ca.crt') }
  const user = {
    'client-certificate-data': await data(`${who}.crt`),
    'client-key-data': await data(`${who}.key`),
  }
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster }],
    users: [{ name: who, user }],
    contexts: [{ name, context: { cluster: name, user: who } }],
    'current-context': name,
  })
}
