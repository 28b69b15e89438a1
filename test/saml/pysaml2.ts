/** Starts pysaml2's identity provider. */
import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { selfSigned } from '../../src/authenticators/saml/security/certificate.ts'

const python = join(import.meta.dirname, '../../.himalia/python/saml-idp/bin/python')

export interface IdpOptions {
  readonly folder: string
  /** Files with the metadata of those who may ask; may come to be later. */
  readonly serviceProviders: readonly string[]
  readonly signResponse?: boolean
  readonly signAssertion?: boolean
  readonly encrypt?: boolean
  readonly wantSigned?: boolean
  /** What it speaks for: its people are `ada@scope`. */
  readonly scope?: string
}

export interface RunningIdp extends AsyncDisposable {
  readonly url: string
  readonly metadata: string
}

const peopleOf = (scope: string) => ({
  ada: {
    eduPersonPrincipalName: `ada@${scope}`,
    mail: `Ada.Lovelace@${scope}`,
    displayName: 'Ada Lovelace-Müller',
    cn: 'Ada Lovelace-Müller',
    givenName: 'Ada',
    sn: 'Lovelace-Müller',
    eduPersonScopedAffiliation: [`staff@${scope}`, `member@${scope}`],
  },
  eve: { eduPersonPrincipalName: 'rector@b.edu', mail: 'rector@b.edu' },
  nobody: { sn: 'Nobody' },
})

/** A key with its certificate as files, as sites have them. */
export function keyFiles(folder: string, name: string): { key: string; certificate: string } {
  mkdirSync(folder, { recursive: true })
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 })
  const [key, certificate] = [join(folder, `${name}-key.pem`), join(folder, `${name}-cert.pem`)]
  const from = Date.now() - 3_600_000
  const serial = randomBytes(8)
  writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  writeFileSync(certificate, selfSigned({ key: privateKey, host: name, from, until: from + 3e10, serial }))
  return { key, certificate }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

export async function startIdp(options: IdpOptions): Promise<RunningIdp> {
  const port = await freePort()
  const scope = options.scope ?? 'example.edu'
  const given = {
    port,
    ...keyFiles(options.folder, 'idp.example.edu'),
    scope,
    people: peopleOf(scope),
    service_providers: options.serviceProviders,
    sign_response: options.signResponse ?? false,
    sign_assertion: options.signAssertion ?? true,
    encrypt: options.encrypt ?? false,
    want_signed: options.wantSigned ?? false,
  }
  const child = spawn(python, [join(import.meta.dirname, 'idp.py'), JSON.stringify(given)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await heard(child, 'listening')
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    metadata: await (await fetch(`${url}/metadata`)).text(),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
    },
  }
}

export async function heard(child: ChildProcess, word: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let text = ''
    child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (text.includes(word)) resolve()
    })
    child.once('exit', (code) => reject(new Error(`It ended with ${code}: ${text}`)))
  })
}
