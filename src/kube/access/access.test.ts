import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { systemClock } from '#base/clock.ts'
import { inCluster, isInCluster } from './in-cluster.ts'
import { fromKubeconfig, kubeconfigFiles } from './kubeconfig.ts'

function folder(t: TestContext, files: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(tmpdir(), 'kube-'))
  t.after(() => rmSync(path, { recursive: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  return path
}

const base64 = (text: string) => Buffer.from(text).toString('base64')

function kubeconfig(user: string): string {
  return `apiVersion: v1
kind: Config
current-context: here
contexts: [{name: here, context: {cluster: c, user: u, namespace: jhub}}]
clusters: [{name: c, cluster: {server: "https://127.0.0.1:6443/", certificate-authority-data: ${base64('CA')}}}]
users: [{name: u, user: ${user}}]
`
}

test('a pod is the account that is mounted into it', async (t) => {
  const path = folder(t, { token: 'abc\n', 'ca.crt': 'CA', namespace: 'jhub' })
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' }

  const access = inCluster(env, systemClock, path)

  assert.equal(isInCluster(env, path), true)
  assert.equal(isInCluster({}, path), false)
  assert.deepEqual(
    [access.server, access.namespace, access.tls.ca, await access.authorization()],
    ['https://[fd00::1]:6443', 'jhub', 'CA', 'Bearer abc'],
  )
})

test('a token that Kubernetes renewed is read anew', async (t) => {
  let now = 0
  const path = folder(t, { token: 'old', 'ca.crt': 'CA', namespace: 'jhub' })
  const access = inCluster({ KUBERNETES_SERVICE_HOST: '10.0.0.1' }, { ...systemClock, now: () => now }, path)
  assert.equal(await access.authorization(), 'Bearer old')

  writeFileSync(join(path, 'token'), 'new')
  now += 60_000

  assert.equal(await access.authorization(), 'Bearer new')
})

test('a kubeconfig names cluster, namespace and user, each in one of several ways', async (t) => {
  const path = folder(t, {
    token: kubeconfig('{token: abc}'),
    certificate: kubeconfig(`{client-certificate-data: ${base64('CERT')}, client-key: key.pem}`),
    'key.pem': 'KEY',
    password: kubeconfig('{username: ana, password: secret}'),
    tokenFile: kubeconfig('{tokenFile: secret.txt}'),
    'secret.txt': 'from a file\n',
    program: kubeconfig(
      `{exec: {command: sh, args: ['-c', 'echo "{\\"status\\": {\\"token\\": \\"$WHO\\"}}"'], env: [{name: WHO, value: me}]}}`,
    ),
  })
  const at = (name: string) => fromKubeconfig([join(path, name)], systemClock)

  assert.deepEqual([at('token').server, at('token').namespace], ['https://127.0.0.1:6443', 'jhub'])
  assert.equal(await at('token').authorization(), 'Bearer abc')
  assert.deepEqual(at('certificate').tls, { ca: 'CA', cert: 'CERT', key: 'KEY', rejectUnauthorized: true })
  assert.equal(await at('password').authorization(), `Basic ${base64('ana:secret')}`)
  assert.equal(await at('tokenFile').authorization(), 'Bearer from a file')
  assert.equal(await at('program').authorization(), 'Bearer me')
})

test('of several files each gives what those before it lack', (t) => {
  const path = folder(t, { first: 'current-context: here\n', second: kubeconfig('{token: abc}') })
  const files = kubeconfigFiles({ KUBECONFIG: `${join(path, 'first')}:${join(path, 'second')}` })

  assert.equal(fromKubeconfig(files, systemClock).namespace, 'jhub')
})

test('what leads to no cluster says what is missing', async (t) => {
  const path = folder(t, {
    empty: '',
    torn: 'a: [',
    old: kubeconfig('{auth-provider: {name: gcp}}'),
    broken: kubeconfig('{exec: {command: "false"}}'),
  })
  const at = (name: string) => fromKubeconfig([join(path, name)], systemClock)

  assert.throws(() => at('missing'), { code: 'KUBE_NO_ACCESS', message: /there is no .*missing/ })
  assert.throws(() => at('empty'), { code: 'KUBE_NO_ACCESS', message: /no cluster for the context \(none\)/ })
  assert.throws(() => at('torn'), { code: 'KUBE_NO_ACCESS', message: /torn can't be read/ })
  assert.throws(() => at('old'), { code: 'KUBE_NO_ACCESS', message: /write it as exec/ })
  await assert.rejects(at('broken').authorization(), {
    code: 'KUBE_NO_ACCESS',
    message: /false of the kubeconfig failed/,
  })
})
