/** A directory of its own: Debian's slapd in a temporary folder on loopback, with people, groups, StartTLS and LDAPS. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'ldapts'

export interface RunningDirectory {
  readonly port: number
  readonly tlsPort: number
  /** The certificate authority that the directory's certificate is of. */
  readonly caFile: string
  stop(): Promise<void>
}

export const base = 'dc=example,dc=org'
export const service = { dn: `cn=reader,${base}`, password: 'reader-secret' }

const people: readonly (readonly [uid: string, cn: string, password: string])[] = [
  ['ada', 'Ada Lovelace', 'ada-secret'],
  ['bob', 'Bob, the Builder', 'bob-secret'],
  ['zoe', 'Zoë #1', 'zoe-secret'],
]

const ldif = `
dn: ${base}
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: ou=people,${base}
objectClass: organizationalUnit
ou: people

dn: ou=groups,${base}
objectClass: organizationalUnit
ou: groups

dn: ${service.dn}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: ${service.password}

${people
  .map(
    ([uid, cn, password]) => `dn:: ${Buffer.from(`uid=${uid},ou=people,${base}`).toString('base64')}
objectClass: inetOrgPerson
uid: ${uid}
cn:: ${Buffer.from(cn).toString('base64')}
sn: ${uid}
mail: ${uid}@example.org
userPassword: ${password}
`,
  )
  .join('\n')}
dn: cn=lab,ou=groups,${base}
objectClass: groupOfNames
cn: lab
member: uid=ada,ou=people,${base}

dn: cn=heads,ou=groups,${base}
objectClass: groupOfUniqueNames
cn: heads
uniqueMember: uid=ada,ou=people,${base}

dn: cn=posix,ou=groups,${base}
objectClass: posixGroup
cn: posix
gidNumber: 7
memberUid: bob
`

export async function startDirectory(): Promise<RunningDirectory> {
  const folder = mkdtempSync(join(tmpdir(), 'himalia-slapd-'))
  makeCertificates(folder)
  const config = join(folder, 'slapd.conf')
  writeFileSync(config, configuration(folder))
  writeFileSync(join(folder, 'people.ldif'), ldif.trimStart())
  execFileSync('mkdir', [join(folder, 'data')])
  execFileSync('/usr/sbin/slapadd', ['-q', '-f', config, '-l', join(folder, 'people.ldif')])
  const [port, tlsPort] = [await freePort(), await freePort()]
  const urls = `ldap://127.0.0.1:${port} ldaps://127.0.0.1:${tlsPort}`
  const server = spawn('/usr/sbin/slapd', ['-d', '0', '-f', config, '-h', urls], { stdio: 'ignore' })
  await answers(port, server)
  return { port, tlsPort, caFile: join(folder, 'ca.pem'), stop: () => stop(server, folder) }
}

function configuration(folder: string): string {
  const schemas = ['core', 'cosine', 'inetorgperson', 'nis'].map((name) => `include /etc/ldap/schema/${name}.schema`)
  return `${schemas.join('\n')}
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile ${folder}/pid
TLSCACertificateFile ${folder}/ca.pem
TLSCertificateFile ${folder}/server.pem
TLSCertificateKeyFile ${folder}/server.key
database mdb
maxsize 10485760
suffix "${base}"
directory ${folder}/data
access to attrs=userPassword by anonymous auth by * none
access to dn.base="ou=people,${base}" by * search
access to dn.subtree="ou=people,${base}" by dn.exact="${service.dn}" read by self read by * none
access to * by users read by * none
`
}

function makeCertificates(folder: string): void {
  const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: folder, stdio: 'ignore' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test authority', '-days', '2')
  openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost')
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n')
  const signs = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names']
  openssl('x509', '-req', '-in', 'server.csr', '-out', 'server.pem', ...signs)
}

async function answers(port: number, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if (server.exitCode !== null) throw new Error(`slapd ended with ${server.exitCode}`)
    const client = new Client({ url: `ldap://127.0.0.1:${port}`, connectTimeout: 1000 })
    const isUp = await client.bind(service.dn, service.password).then(
      () => true,
      () => false,
    )
    await client.unbind().catch(() => {})
    if (isUp) return
    await sleep(25)
  }
  throw new Error('slapd does not answer')
}

async function stop(server: ChildProcess, folder: string): Promise<void> {
  const exited = new Promise((resolve) => server.once('exit', resolve))
  if (server.exitCode === null && server.kill('SIGTERM')) await exited
  rmSync(folder, { recursive: true, force: true })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
