/** A new user's hour: the commands of docs/first-hour.md, in a real cluster, by turns with Helm 3 and 4, and a real browser. */
import assert from 'node:assert/strict'
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, test } from 'node:test'
import type { BrowserContext } from 'playwright-core'
import { stringify } from 'yaml'
import { type Cluster, cluster, noCluster } from '../cluster/index.ts'
import { programs, root } from '../cluster/paths.ts'
import { run, until } from '../cluster/run.ts'
import { noBrowser, openBrowser } from '../harness/browser.ts'
import { Visitor } from '../harness/visitor.ts'
import { type Step, stepsOf, withPart } from './page.ts'
import { imagesOf, registryOf } from './release.ts'

const namespace = 'class'
let kubernetes: Cluster
before(async () => {
  if (noCluster === false) kubernetes = await cluster()
})

/** What the page takes for granted, and a cluster for tests has otherwise: no load balancers, no networks. */
const own = {
  proxy: { service: { type: 'ClusterIP' } },
  singleuser: { cloudMetadata: { blockWithIptables: false }, memory: { guarantee: '64M' } },
  prePuller: { continuous: { enabled: false } },
}

interface Hour {
  /** Runs the commands of a step, after its parts of the file were added. */
  carryOut(step: Step): Promise<string>
  kubectl(words: string): Promise<string>
  /** A field of an object, by a JSONPath: `spec.clusterIP`. */
  field(object: string, path: string): Promise<string>
  browser: BrowserContext
  /** `http://198.19.1.2`. */
  origin(): Promise<string>
}

test('the page docs/first-hour.md does what it says', { skip: noCluster || noBrowser }, async (t) => {
  const registry = registryOf(kubernetes)
  assert.ok(registry, 'HIMALIA_TEST_REGISTRY names a registry to push to')
  const { hub, proxy } = await imagesOf(registry)
  const known = (name: 'user' | 'user-old') => kubernetes.image(name).split(':') as [string, string]
  const [today, old] = [known('user'), known('user-old')]
  const meant = [
    ['registry.example.org/himalia/hub, tag: 0.1.0', `${hub.name}, tag: ${hub.tag}`],
    ['registry.example.org/himalia/proxy, tag: 0.1.0', `${proxy.name}, tag: ${proxy.tag}`],
    ['quay.io/jupyter/minimal-notebook, tag: "2026-07-06"', `${today[0]}, tag: "${today[1]}"`],
    ['quay.io/jupyter/scipy-notebook, tag: "2026-08-03"', `${old[0]}, tag: "${old[1]}"`],
  ] as const
  const page = await readFile(join(root, 'docs', 'first-hour.md'), 'utf8')
  const steps = stepsOf(
    meant.reduce((text, [written, here]) => {
      assert.ok(text.includes(written), `the page has ${written}`)
      return text.replaceAll(written, here)
    }, page),
  )
  assert.deepEqual(
    steps.map(({ title }) => title),
    Object.keys(checks),
  )
  await using hour = await begin()

  for (const step of steps) {
    await t.test(step.title, async () => {
      const printed = await hour.carryOut(step)
      await checks[step.title]?.(hour, printed)
    })
  }
})

const person = 'ana'

/** What is so after each step, by its heading. */
const checks: Readonly<Record<string, (hour: Hour, printed: string) => Promise<unknown>>> = {
  Install: async (_hour, printed) => assert.match(printed, /STATUS: deployed/),
  'Find the address': async (_hour, printed) => {
    assert.match(printed, /proxy-public +ClusterIP/)
    assert.match(printed, /hub {6}1 of 1 ready[\s\S]*Nothing is wrong\./)
  },
  'Sign in and start a server': async (hour) => {
    const browser = await hour.browser.newPage()
    await browser.goto(`${await hour.origin()}/hub/home`)
    await browser.fill('#username_input', person)
    await browser.fill('#password_input', 'sesame')
    await browser.click('#login_submit')
    await browser.goto(`${await hour.origin()}/hub/spawn`)
    await serverIsUp(hour)
    assert.equal(await hour.field(`pvc/claim-${person}`, 'status.phase'), 'Bound')
    const inside = await hour.kubectl('exec deployment/hub -- himalia doctor --format=json')
    assert.deepEqual(JSON.parse(inside).findings, [])
    await browser.close()
  },
  'Change the image': async (hour) => {
    const [uid, hubs] = [await hour.field(`pod/jupyter-${person}`, 'metadata.uid'), await podsOf(hour, 'hub')]
    const browser = await hour.browser.newPage()
    browser.on('dialog', (dialog) => void dialog.accept())
    await until('the notice', async () => {
      await browser.goto(`${await hour.origin()}/hub/home`)
      return (await browser.textContent('main'))?.includes('A newer environment is ready.') ?? false
    })
    await browser.click('button[value=restart]')
    await until('another server', async () => (await serverUid(hour)) !== uid && (await serverUid(hour)) !== '')
    await serverIsUp(hour)
    assert.equal(await hour.field(`pod/jupyter-${person}`, 'spec.containers[0].image'), kubernetes.image('user-old'))
    assert.equal(await podsOf(hour, 'hub'), hubs)
    await browser.close()
  },
  'Give memory and processors': async (hour) =>
    assert.match(await homeOnceItSays(hour, 'Memory'), /Memory: none → 1 GiB/),
  'Choose the storage': async (hour) => {
    const claim = await untilSomebodyNew(hour, 'a claim of that size', async (user) => {
      const size = await hour.field(`pvc/claim-${user}`, 'spec.resources.requests.storage')
      return size === '2Gi' ? `pvc/claim-${user}` : null
    })
    assert.equal(await hour.field(claim, 'spec.storageClassName'), 'standard')
  },
  'Do without storage': async (hour) => {
    await untilSomebodyNew(hour, 'a pod without a claim', async (user) => {
      const claim = await hour.field(`pvc/claim-${user}`, 'metadata.uid')
      return claim === ''
    })
  },
  'Serve https': async (hour) => assert.match(await servedCertificate(hour), /hub\.example\.org/),
  'Serve https from a Secret': async (hour) => {
    assert.match(await servedCertificate(hour), /hub\.example\.org/)
    assert.match(await hour.field('deployment/proxy', 'spec.template.spec.volumes'), /hub-tls/)
  },
  'Go back': async (hour) => {
    const uid = await serverUid(hour)
    await until('plain http', async () => (await fetch(`${await hour.origin()}/hub/login`)).ok)
    assert.equal(await serverUid(hour), uid)
  },
  'Take it away': async (hour) => {
    assert.match(await hour.kubectl('get pod,pvc'), new RegExp(`jupyter-${person}[\\s\\S]*claim-${person}`))
    assert.doesNotMatch(await hour.kubectl('get deployments,services'), /hub|proxy/)
  },
}

async function begin(): Promise<Hour & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'himalia-hour-'))
  const bin = await commandsIn(folder)
  const chromium = await openBrowser()
  const browser = await chromium.newContext({ locale: 'en', ignoreHTTPSErrors: true })
  const env = { KUBECONFIG: kubernetes.kubeconfig, PATH: `${bin}:${process.env.PATH}` }
  const sh = (text: string) => run(['sh', '-ec', text], { cwd: folder, env, timeoutMs: 300_000 })
  const kubectl = (words: string) => sh(`kubectl --namespace ${namespace} ${words}`)
  const field = (object: string, path: string) =>
    kubectl(`get ${object} --ignore-not-found --output='jsonpath={.${path}}'`)
  let values: Readonly<Record<string, unknown>> = own
  let turns = 0
  await symlink(join(root, 'chart'), join(folder, 'chart'))
  return {
    browser,
    kubectl,
    field,
    origin: async () => `http://${await field('service/proxy-public', 'spec.clusterIP')}`,
    async carryOut({ blocks }) {
      let printed = ''
      for (const { kind, text } of blocks) {
        if (kind === 'yaml') {
          values = withPart(values, text)
          await writeFile(join(folder, 'config.yaml'), stringify(values, { version: '1.1' }))
        } else {
          turns += 1
          printed += await sh(turns % 2 === 0 ? text : text.replace(/^helm /gm, 'helm4 '))
        }
      }
      return printed
    },
    async [Symbol.asyncDispose]() {
      await chromium.close()
      await rm(folder, { recursive: true })
      await kubernetes.kubectl(['delete', 'namespace', namespace, '--wait=false', '--ignore-not-found'])
    },
  }
}

/** A folder with the commands that the page calls by name. */
async function commandsIn(folder: string): Promise<string> {
  for (const name of ['helm', 'helm4', 'kubectl']) await symlink(join(programs, name), join(folder, name))
  const main = join(root, 'src', 'cli', 'main.ts')
  await writeFile(join(folder, 'himalia'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`)
  await chmod(join(folder, 'himalia'), 0o755)
  return folder
}

const serverUid = (hour: Hour) => hour.field(`pod/jupyter-${person}`, 'metadata.uid')
const podsOf = (hour: Hour, component: string) =>
  hour.kubectl(`get pods --selector=component=${component} --output='jsonpath={.items[*].metadata.uid}'`)

function serverIsUp(hour: Hour): Promise<unknown> {
  return until(
    'the server',
    async () => {
      const page = await hour.browser.newPage()
      const answer = await page.goto(`${await hour.origin()}/user/${person}/lab`).catch(() => null)
      await page.close()
      return answer?.status() === 200 && !answer.url().includes('/hub/')
    },
    { timeoutMs: 240_000, everyMs: 1_000 },
  )
}

/** The hub takes changed values up in its own moment, so each try is by somebody who was never there before. */
async function untilSomebodyNew<T>(hour: Hour, what: string, look: (user: string) => Promise<T | null>): Promise<T> {
  let people = 0
  return until(
    what,
    async () => {
      people += 1
      const user = `${what.replaceAll(' ', '')}${people}`
      await started(hour, user)
      await until('a pod', async () => (await hour.field(`pod/jupyter-${user}`, 'metadata.uid')) !== '')
      const seen = await look(user)
      await hour.kubectl(`delete pod jupyter-${user} --grace-period=0 --force --ignore-not-found`)
      return seen
    },
    { everyMs: 1_000 },
  )
}

/** A text of the home page, as soon as it has this one. */
async function homeOnceItSays(hour: Hour, wanted: string): Promise<string> {
  const page = await hour.browser.newPage()
  const text = await until(wanted, async () => {
    await page.goto(`${await hour.origin()}/hub/home`)
    const seen = (await page.textContent('main')) ?? ''
    return seen.includes(wanted) ? seen : null
  })
  await page.close()
  return text
}

/** Somebody else signs in and asks for a server; nobody waits for it. */
async function started(hour: Hour, name: string): Promise<void> {
  const visitor = new Visitor(await hour.origin())
  await visitor.signIn(name, 'sesame')
  await visitor.open(`/hub/spawn/${name}`)
}

/** What the public address shows, once it speaks TLS. */
async function servedCertificate(hour: Hour): Promise<string> {
  const host = new URL(await hour.origin()).host
  return until('https', () =>
    run([
      'sh',
      '-c',
      `openssl s_client -connect ${host}:443 </dev/null 2>/dev/null | openssl x509 -noout -subject`,
    ]).catch(() => null),
  )
}
