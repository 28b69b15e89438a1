/** Releases that are broken in a real cluster: the doctor says what is wrong, and what it says mends it. */
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { stringify } from 'yaml'
import { cluster, createWorkspace, noCluster } from '../cluster/index.ts'
import { programs, root } from '../cluster/paths.ts'
import { run, until } from '../cluster/run.ts'
import { makeCertificate } from '../harness/certificate.ts'
import { chart } from './helm.ts'

interface Told {
  readonly findings: readonly { code: string; about: string; message: string; commands: readonly string[] }[]
  readonly address: string | null
}

test('what is broken in a release is named', { skip: noCluster }, async (t) => {
  const kubernetes = await cluster()
  await using space = await createWorkspace(kubernetes)
  const busybox = { name: kubernetes.image('busybox').split(':')[0], tag: '1' }
  const values = {
    hub: { image: { name: 'himalia/hub', tag: 'typo' }, db: { pvc: { storageClassName: 'no-such-class' } } },
    // Never ready, and never asked to be: what is looked at here is around it.
    proxy: {
      chp: { image: busybox },
      service: { type: 'LoadBalancer' },
      https: { enabled: true, type: 'secret', secret: { name: 'missing-tls' } },
    },
    singleuser: { cloudMetadata: { blockWithIptables: false } },
    prePuller: { continuous: { enabled: false } },
  }
  const words = ['--namespace', space.name, 'upgrade', '--install', 'hub', chart, '--values=-']
  const env = { KUBECONFIG: kubernetes.kubeconfig }
  const upgrade = (own: object) =>
    run([join(programs, 'helm'), ...words], { env, input: stringify(own, { version: '1.1' }) })
  const doctor = async () => {
    const args = ['src/cli/main.ts', 'doctor', '--format=json', '--namespace', space.name]
    const options = { cwd: root, env: { ...process.env, KUBECONFIG: kubernetes.kubeconfig } }
    const { stdout, code } = await promisify(execFile)(process.execPath, args, options).then(
      (done) => ({ stdout: done.stdout, code: 0 }),
      (error) => error as { stdout: string; code: number },
    )
    return { ...(JSON.parse(stdout) as Told), code }
  }
  const found = (code: string) =>
    until(`the doctor finds ${code}`, async () => {
      const told = await doctor()
      return told.findings.some((finding) => finding.code === code) ? told : null
    })

  await t.test('no release at all', async () => {
    const args = ['src/cli/main.ts', 'doctor', '--namespace', space.name]
    await assert.rejects(run([process.execPath, ...args], { cwd: root, env }), /There is no release in the namespace/)
  })

  await upgrade(values)

  await t.test('a storage class and a Secret that are not there, and an address that nobody gives', async () => {
    await found('SECRET_MISSING')
    const { findings, code, address } = await found('CLAIM_PENDING')

    assert.equal(code, 1)
    assert.equal(address, null)
    const codes = findings.map((finding) => finding.code)
    assert.ok(codes.includes('NO_ADDRESS'), codes.join())
    assert.match(JSON.stringify(findings), /the Secret missing-tls, which is not there/)
    assert.match(JSON.stringify(findings), /no storage class \\"no-such-class\\"/)
  })

  await t.test('an image that is not there', async () => {
    await upgrade({ ...values, hub: { ...values.hub, db: { type: 'sqlite-memory' } } })

    const { findings } = await found('IMAGE_PULL')

    const finding = findings.find((one) => one.code === 'IMAGE_PULL')
    assert.match(finding?.message ?? '', /himalia\/hub:typo/)
    assert.match(finding?.commands[0] ?? '', new RegExp(`^kubectl --namespace=${space.name} describe pod/hub-`))
  })

  await t.test('a certificate that has expired', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'himalia-broken-'))
    const { key, cert } = await makeCertificate(folder, 'old', { days: -1 })
    const data = { 'tls.key': await readFile(key, 'base64'), 'tls.crt': await readFile(cert, 'base64') }
    await rm(folder, { recursive: true })

    await space.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'missing-tls' },
      type: 'kubernetes.io/tls',
      data,
    })

    await found('CERTIFICATE_EXPIRED')
  })

  await t.test('a run of Helm that was killed; what the doctor says lets the next one through', async () => {
    const helm = spawn(join(programs, 'helm'), [...words, '--wait'], {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    helm.stdin.end(stringify(values))
    const revision = await until('the run is under way', async () => {
      const names = await space.kubectl([
        'get',
        'secrets',
        '--selector=owner=helm,status=pending-upgrade',
        '--output=name',
      ])
      return names.trim().split('/').at(-1) || null
    })
    helm.kill('SIGKILL')
    assert.ok((await doctor()).findings.some(({ code }) => code === 'HELM_RUNNING'))
    await assert.rejects(upgrade(values), /another operation .* in progress/)

    await space.kubectl(['delete', 'secret', revision])

    await upgrade(values)
  })
})
