/**
 * Students who sign in, each with a browser of their own: `npm run bench -- auth [students] [oidc|saml|password …]` (default:
 * 5,000, in all ways; JupyterHub is asked with a tenth of them). Himalia and JupyterHub with oauthenticator have the same counterpart on loopback; the
 * students, the counterpart and the hub share the machine.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { clientId, clientSecret } from '../../test/auth/hostile-provider.ts'
import { idpKey, spKey } from '../../test/saml/idp.ts'
import { idpMetadata } from '../../test/saml/world.ts'
import type { Contender } from '../hub/contenders.ts'
import { himalia, jupyterHub } from './contenders.ts'
import { type Provider, startProvider } from './provider.ts'
import { byOidc, byPassword, bySaml, password, type Walk } from './walks.ts'

const words = process.argv.slice(2)
const students = Number(words.find((word) => /^\d+$/.test(word)) ?? 5_000)
const ways = words.filter((word) => /^[a-z]+$/.test(word))
const isWanted = (way: string) => ways.length === 0 || ways.includes(way)
/** So many are on their way at once. */
const atOnce = 64

interface Result {
  readonly what: string
  readonly hub: string
  readonly students: number
  readonly seconds: number
  readonly p99: number
  readonly refused: number
  readonly hubCpu: number
}

export async function main(): Promise<void> {
  const provider = await startProvider()
  const results: Result[] = []
  const run = async (what: string, hub: Contender | null, walk: Walk, count: number) => {
    if (!hub) return console.log('JupyterHub with oauthenticator is not there: run `npm test` once, which brings it.')
    try {
      process.stderr.write(`${what}, ${hub.name}: ${count} students ...\n`)
      results.push({ what, hub: hub.name, ...(await signInAll(hub, walk, count)) })
      process.stderr.write(`${row(results.at(-1)!)}\n`)
    } finally {
      await hub.remove()
    }
  }
  const few = Math.max(100, Math.round(students / 10))
  if (isWanted('oidc')) {
    await run('OpenID Connect', await himalia(oidcConfig(provider)), byOidc(provider), students)
    await run('OpenID Connect', await jupyterHub(oidcLines(provider)), byOidc(provider), few)
  }
  if (isWanted('saml')) {
    const entityId = 'https://hub.example.org/saml'
    const walk = bySaml(entityId, 'https://hub.example.org/hub/saml/acs')
    await run('SAML', await himalia(samlConfig(entityId)), walk, students)
  }
  if (isWanted('password')) {
    await run('one password for all', await himalia(dummyConfig), byPassword, students)
    await run('one password for all', await jupyterHub(dummyLines), byPassword, few)
    await run('passwords of their own', await himalia(firstUseConfig), byPassword, few)
  }
  provider.close()
  console.log(table(results))
}

async function signInAll(hub: Contender, walk: Walk, count: number): Promise<Omit<Result, 'what' | 'hub'>> {
  // The first one pays for what is loaded when it is needed.
  await walk(hub.port, 'first')
  await sleep(200)
  const times: number[] = []
  let [begun, refused] = [0, 0]
  const cpu = await hub.cpuSeconds()
  const start = performance.now()
  const queue = async () => {
    while (begun < count) {
      begun += 1
      const person = `student-${begun}`
      const from = performance.now()
      if (!(await walk(hub.port, person))) refused += 1
      times.push(performance.now() - from)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, queue))
  const seconds = (performance.now() - start) / 1000
  times.sort((a, b) => a - b)
  const p99 = times[Math.floor(times.length * 0.99)] ?? Number.NaN
  return { students: count, seconds, p99, refused, hubCpu: (await hub.cpuSeconds()) - cpu }
}

const allowAll = { allow_all: true }

const oidcConfig = ({ issuer }: Provider) => ({
  JupyterHub: { authenticator_class: 'generic-oauth' },
  Authenticator: allowAll,
  GenericOAuthenticator: {
    oidc_issuer: issuer,
    client_id: clientId,
    client_secret: clientSecret,
    username_claim: 'preferred_username',
    scope: ['openid'],
  },
})

const oidcLines = ({ issuer }: Provider) => [
  'c.JupyterHub.authenticator_class = "generic-oauth"',
  `c.GenericOAuthenticator.authorize_url = "${issuer}/auth"`,
  `c.GenericOAuthenticator.token_url = "${issuer}/token"`,
  `c.GenericOAuthenticator.userdata_url = "${issuer}/userinfo"`,
  `c.GenericOAuthenticator.client_id = "${clientId}"`,
  `c.GenericOAuthenticator.client_secret = "${clientSecret}"`,
  'c.GenericOAuthenticator.username_claim = "preferred_username"',
  'c.GenericOAuthenticator.scope = ["openid"]',
]

const samlConfig = (entityId: string) => ({
  JupyterHub: { authenticator_class: 'saml', public_url: 'https://hub.example.org/' },
  SAMLAuthenticator: {
    allow_all: true,
    entity_id: entityId,
    metadata: [{ content: idpMetadata({ certificates: [idpKey.certificate] }) }],
    keys: [{ key: spKey.pem, certificate: spKey.certificate }],
  },
})

const dummyConfig = {
  JupyterHub: { authenticator_class: 'dummy' },
  Authenticator: allowAll,
  DummyAuthenticator: { password },
}
const dummyLines = ['c.JupyterHub.authenticator_class = "dummy"', `c.DummyAuthenticator.password = "${password}"`]
const firstUseConfig = { JupyterHub: { authenticator_class: 'firstuse' }, Authenticator: allowAll }

function table(results: readonly Result[]): string {
  return [
    '| | hub | students | all in after | sign-ins | p99 | processor time each | refused |',
    '|---|---|---:|---:|---:|---:|---:|---:|',
    ...results.map(row),
  ].join('\n')
}

function row({ what, hub, students: count, seconds, p99, hubCpu, refused }: Result): string {
  const rate = (count / seconds).toFixed(0)
  const each = ((hubCpu / count) * 1000).toFixed(1)
  return `| ${what} | ${hub} | ${count} | ${seconds.toFixed(1)} s | ${rate}/s | ${p99.toFixed(0)} ms | ${each} ms | ${refused} |`
}

await main()
