/** Code that adds to what the chart has already: nobody may lose a home by it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadConfig } from '../../src/config/index.ts'

/** After `lines` of Python, folded without Python itself. */
async function settingsAfter(...lines: string[]) {
  const values = {
    hub: {
      config: { JupyterHub: { authenticator_class: 'dummy' }, Authenticator: { allow_all: true } },
      extraConfig: { own: lines.join('\n') },
    },
    singleuser: {
      extraLabels: { course: 'one' },
      profileList: [{ display_name: 'Small' }],
      storage: {
        extraVolumes: [{ name: 'shared', persistentVolumeClaim: { claimName: 'shared' } }],
        extraVolumeMounts: [{ name: 'shared', mountPath: '/shared' }],
      },
    },
  }
  const { settings, problems } = await loadConfig({ text: JSON.stringify(values), mode: 'cluster' })
  assert.ok(settings, JSON.stringify(problems))
  assert.equal(settings.hooks.python ?? null, null)
  return settings
}

const kubernetesAfter = async (...lines: string[]) => (await settingsAfter(...lines)).kubernetes

const namesOf = (items: unknown) => Object.values(items as Record<string, { name: string }>).map(({ name }) => name)

test('a volume that code adds stands beside the home and the volumes of the chart', async () => {
  const { volumes, volumeMounts } = await kubernetesAfter(
    'c.KubeSpawner.volumes.append({"name": "data", "persistentVolumeClaim": {"claimName": "data"}})',
    'c.KubeSpawner.volume_mounts += [{"name": "data", "mountPath": "/data"}]',
  )
  assert.deepEqual(namesOf(volumes), ['volume-{user_server}', 'shared', 'data'])
  assert.deepEqual(namesOf(volumeMounts), ['volume-{user_server}', 'shared', 'data'])
})

test('a toleration that code adds stands beside those of the chart', async () => {
  const { tolerations } = await kubernetesAfter(
    'c.KubeSpawner.tolerations.append({"key": "gpu", "operator": "Exists"})',
  )
  const keys = (tolerations as readonly { key: string }[]).map(({ key }) => key)
  assert.deepEqual(keys, ['hub.jupyter.org/dedicated', 'hub.jupyter.org_dedicated', 'gpu'])
})

test('a label that code adds stands beside the one that lets servers reach the hub', async () => {
  const { extraLabels } = await kubernetesAfter('c.KubeSpawner.extra_labels["team"] = "blue"')
  assert.deepEqual(extraLabels, { 'hub.jupyter.org/network-access-hub': 'true', course: 'one', team: 'blue' })
})

test('a profile that code adds stands behind those of the chart', async () => {
  const { profiles } = await settingsAfter('c.KubeSpawner.profile_list.append({"display_name": "Large"})')
  assert.deepEqual(
    profiles.map(({ slug, isDefault }) => [slug, isDefault]),
    [
      ['small', true],
      ['large', false],
    ],
  )
})

test('what code sets as a whole replaces all, as in the original', async () => {
  const { volumes } = await kubernetesAfter('c.KubeSpawner.volumes = [{"name": "only", "emptyDir": {}}]')
  assert.deepEqual(namesOf(volumes), ['only'])
})
