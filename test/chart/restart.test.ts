/** Which changed values bring a new pod of the hub, and which the hub takes up while it runs. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { restartSettings } from '../../src/hub/reload/restart.ts'
import { noHelm, rendered } from './helm.ts'

const config = (section: string, traits: object) => ({ hub: { config: { [section]: traits } } })

/** By the key that the hub names when it can't take a change: a change of it. */
const restarting: Readonly<Record<string, object>> = {
  'hub.baseUrl': { hub: { baseUrl: '/lab/' } },
  'hub.db': { hub: { db: { type: 'postgres', url: 'postgresql://hub@db/hub' } } },
  'hub.cookieSecret': { hub: { cookieSecret: 'ab'.repeat(32) } },
  'debug.enabled': { debug: { enabled: true } },
  'hub.config.JupyterHub.authenticator_class': config('JupyterHub', { authenticator_class: 'native' }),
  'hub.config.NativeAuthenticator.enable_signup': config('NativeAuthenticator', { enable_signup: false }),
  'hub.config.LocalProcessSpawner': {},
  'hub.config.ConfigurableHTTPProxy.should_start': config('ConfigurableHTTPProxy', { should_start: true }),
  'hub.config.ConfigurableHTTPProxy.api_url': config('ConfigurableHTTPProxy', { api_url: 'http://p:8001' }),
  'hub.config.ConfigurableHTTPProxy.auth_token': { proxy: { secretToken: 'cd'.repeat(32) } },
  'cull.enabled': { cull: { enabled: false } },
  'hub.config.JupyterHub.hub_connect_url': config('JupyterHub', { hub_connect_url: 'http://other' }),
  'singleuser.events': { singleuser: { events: false } },
  'hub.config.KubeSpawner.namespace': config('KubeSpawner', { namespace: 'users' }),
  'hub.config.KubeSpawner.enable_user_namespaces': config('KubeSpawner', { enable_user_namespaces: true }),
  'hub.config.KubeSpawner.component_label': config('KubeSpawner', { component_label: 'lab' }),
  'hub.config.KubeSpawner.k8s_api_host': config('KubeSpawner', { k8s_api_host: 'https://k' }),
  'hub.config.KubeSpawner.k8s_api_ssl_ca_cert': config('KubeSpawner', { k8s_api_ssl_ca_cert: '/ca' }),
  'hub.config.KubeSpawner.k8s_api_verify_ssl': config('KubeSpawner', { k8s_api_verify_ssl: false }),
}
/** Means nothing in a cluster. */
const never = ['hub.config.LocalProcessSpawner']

const more: Readonly<Record<string, object>> = {
  'the class of an old chart': { auth: { type: 'ldap' } },
  'code that chooses a class': { hub: { extraConfig: { a: 'c.JupyterHub.authenticator_class = "native"' } } },
  'a file that the hub finds mounted': { hub: { extraFiles: { a: { mountPath: '/etc/a', stringData: 'b' } } } },
  'a variable of its environment': { hub: { extraEnv: { A: 'b' } } },
}

const running: Readonly<Record<string, object>> = {
  'the image of servers': { singleuser: { image: { name: 'lab', tag: '2' } } },
  profiles: { singleuser: { profileList: [{ display_name: 'Large' }] } },
  'limits and storage': { singleuser: { memory: { limit: '2G' }, storage: { type: 'none' } } },
  'who may enter': config('Authenticator', { admin_users: ['ana'], allowed_users: ['ben'] }),
  'a client of an identity provider': config('GitHubOAuthenticator', { client_id: 'a', client_secret: 'b' }),
  'texts of pages': { hub: { templateVars: { announcement: 'Exams' } } },
  'services and roles': { hub: { services: { a: {} }, loadRoles: { b: { scopes: ['self'] } } } },
  'times of the culler': { cull: { timeout: 60 } },
  'a hook': { hub: { extraConfig: { a: 'export function preSpawn() {}' } } },
}

describe('The pod of the hub', { skip: noHelm }, () => {
  const podWith = async (values: object) => (await rendered(values)).get('Deployment hub')?.spec.template
  let plain: unknown
  before(async () => {
    plain = await podWith({})
  })

  for (const [what, values] of Object.entries({ ...restarting, ...more })) {
    if (never.includes(what)) continue
    test(`is a new one after a change of ${what}`, async () => assert.notDeepEqual(await podWith(values), plain))
  }

  for (const [what, values] of Object.entries(running)) {
    test(`stays the same when it is ${what} that changes`, async () => assert.deepEqual(await podWith(values), plain))
  }
})

test('the pod is the same whichever Helm makes it', { skip: noHelm }, async () => {
  const [three, four] = await Promise.all(
    (['helm', 'helm4'] as const).map(
      async (helm) => (await rendered({}, { helm })).get('Deployment hub')?.spec.template,
    ),
  )

  assert.deepEqual(four, three)
})

test('every key that the hub can not take up has a row here', () => {
  assert.deepEqual(
    Object.keys(restarting),
    restartSettings.map(({ key }) => key),
  )
})
