/** Keys of the chart, and what z2jh's own configuration hands to KubeSpawner for them. */
import type { Case } from '../case.ts'

const user = (value: string) => ({
  matchExpressions: [{ key: 'hub.jupyter.org/node-purpose', operator: 'In', values: [value] }],
})
const dedicated = ['hub.jupyter.org/dedicated', 'hub.jupyter.org_dedicated'].map((key) => ({
  key,
  operator: 'Equal',
  value: 'user',
  effect: 'NoSchedule',
}))
const block = {
  name: 'block-cloud-metadata',
  image: 'quay.io/jupyterhub/k8s-network-tools:4.4.0',
  command: [
    'iptables',
    '--append',
    'OUTPUT',
    '--protocol',
    'tcp',
    '--destination',
    '169.254.169.254',
    '--destination-port',
    '80',
    '--jump',
    'DROP',
  ],
  securityContext: { privileged: true, runAsUser: 0, capabilities: { add: ['NET_ADMIN'] } },
  resources: {},
}
const home = {
  volumes: {
    'volume-{user_server}': { name: 'volume-{user_server}', persistentVolumeClaim: { claimName: '{pvc_name}' } },
  },
  volume_mounts: { 'volume-{user_server}': { mountPath: '/home/jovyan', name: 'volume-{user_server}' } },
}
/** What an empty file comes to. */
const usual = {
  image: 'quay.io/jupyterhub/k8s-singleuser-sample:4.4.0',
  cmd: 'jupyterhub-singleuser',
  uid: 1000,
  fs_gid: 100,
  mem_guarantee: '1G',
  extra_labels: { 'hub.jupyter.org/network-access-hub': 'true' },
  storage_capacity: '10Gi',
  storage_pvc_ensure: true,
  start_timeout: 300,
  tolerations: dedicated,
  node_affinity_preferred: [{ weight: 100, preference: user('user') }],
  init_containers: [block],
  ...home,
}
const of = (says: string, values: object, traits: object, more: Partial<Case> = {}): Case => ({
  says: `the chart: ${says}`,
  values: values as Case['values'] & object,
  traits: { ...usual, ...traits },
  ...more,
})
const singleuser = (says: string, values: object, traits: object, more: Partial<Case> = {}) =>
  of(says, { singleuser: values }, traits, more)

export const chart: readonly Case[] = [
  of('an empty file', {}, {}),
  of('an empty file, for a named server', {}, {}, { user: 'José@uni.de', server: 'gpu' }),
  singleuser(
    'an image',
    { image: { name: 'a/b', tag: '1', pullPolicy: 'Always', pullSecrets: ['c'] } },
    {
      image: 'a/b:1',
      image_pull_policy: 'Always',
      image_pull_secrets: ['c'],
    },
  ),
  singleuser('an image without a tag', { image: { name: 'a/b@sha256:00', tag: null } }, { image: 'a/b@sha256:00' }),
  of(
    'pull secrets',
    {
      imagePullSecret: { create: true, registry: 'r' },
      imagePullSecrets: ['x', { name: 'y' }],
      singleuser: { image: { pullSecrets: ['z'] } },
    },
    { image_pull_secrets: ['image-pull-secret', 'x', { name: 'y' }, 'z'] },
  ),
  of(
    'a pull secret with names of its own',
    { fullnameOverride: 'my', imagePullSecret: { create: true } },
    { image_pull_secrets: ['my-image-pull-secret'] },
  ),
  singleuser('the command of the image', { cmd: null }, { cmd: null }),
  singleuser('a command', { cmd: ['start-singleuser.sh'] }, { cmd: ['start-singleuser.sh'] }),
  singleuser(
    'limits',
    { memory: { limit: '1G', guarantee: '1G' }, cpu: { limit: 0.5, guarantee: 0.5 } },
    {
      mem_limit: '1G',
      cpu_limit: 0.5,
      cpu_guarantee: 0.5,
    },
  ),
  singleuser(
    'a GPU',
    { extraResource: { limits: { 'nvidia.com/gpu': '1' }, guarantees: { a: 1 } } },
    {
      extra_resource_limits: { 'nvidia.com/gpu': '1' },
      extra_resource_guarantees: { a: 1 },
    },
  ),
  singleuser(
    'a GPU in short',
    { gpu: 2 },
    {
      extra_resource_limits: { 'nvidia.com/gpu': '2' },
      tolerations: [...dedicated, { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
    },
  ),
  singleuser(
    'a GPU of AMD in short',
    { gpu: { count: 1, vendor: 'amd' } },
    {
      extra_resource_limits: { 'amd.com/gpu': '1' },
      tolerations: [...dedicated, { key: 'amd.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
    },
  ),
  singleuser(
    'a part of a GPU in short',
    { gpu: { resource: 'nvidia.com/mig-1g.5gb' } },
    {
      extra_resource_limits: { 'nvidia.com/mig-1g.5gb': '1' },
      tolerations: [...dedicated, { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }],
    },
  ),
  singleuser(
    'shared memory in short',
    { sharedMemory: '2Gi', storage: { type: 'none' } },
    {
      storage_pvc_ensure: false,
      volumes: [{ name: 'shared-memory', emptyDir: { medium: 'Memory', sizeLimit: '2Gi' } }],
      volume_mounts: [{ name: 'shared-memory', mountPath: '/dev/shm' }],
    },
  ),
  singleuser(
    'shared memory as people have it today, which wins over the short form',
    {
      sharedMemory: '2Gi',
      storage: {
        type: 'none',
        extraVolumes: [{ name: 'shm-volume', emptyDir: { medium: 'Memory' } }],
        extraVolumeMounts: [{ name: 'shm-volume', mountPath: '/dev/shm' }],
      },
    },
    {
      storage_pvc_ensure: false,
      volumes: { 'shm-volume': { name: 'shm-volume', emptyDir: { medium: 'Memory' } } },
      volume_mounts: { '0-shm-volume': { name: 'shm-volume', mountPath: '/dev/shm' } },
    },
  ),
  singleuser(
    "the node's disk",
    { ephemeralStorage: { limit: '10Gi', guarantee: '1Gi' } },
    {
      extra_resource_limits: { 'ephemeral-storage': '10Gi' },
      extra_resource_guarantees: { 'ephemeral-storage': '1Gi' },
    },
  ),
  singleuser('a runtime', { runtimeClassName: 'nvidia' }, { extra_pod_config: { runtimeClassName: 'nvidia' } }),
  singleuser(
    'variables',
    { extraEnv: { A: '{username}', B: { valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } } } },
    {
      environment: { A: '{username}', B: { valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } } },
    },
  ),
  singleuser(
    'labels and annotations',
    { extraLabels: { a: 'b' }, extraAnnotations: { c: '{username}' } },
    {
      extra_labels: { 'hub.jupyter.org/network-access-hub': 'true', a: 'b' },
      extra_annotations: { c: '{username}' },
    },
  ),
  singleuser(
    'ids',
    { uid: 0, fsGid: 0, allowPrivilegeEscalation: true },
    { uid: 0, fs_gid: 0, allow_privilege_escalation: true },
  ),
  singleuser('no ids', { uid: null, fsGid: null, allowPrivilegeEscalation: null }, { uid: null, fs_gid: null }),
  singleuser('an account', { serviceAccountName: 'sa' }, { service_account: 'sa' }),
  singleuser('a name for pods', { podNameTemplate: 'p-{username}' }, { pod_name_template: 'p-{username}' }),
  singleuser(
    'hooks',
    { lifecycleHooks: { postStart: { exec: { command: ['a'] } } } },
    { lifecycle_hooks: { postStart: { exec: { command: ['a'] } } } },
  ),
  singleuser(
    'containers',
    { initContainers: [{ name: 'i', image: 'i' }], extraContainers: [{ name: 'e' }] },
    {
      init_containers: [{ name: 'i', image: 'i' }, block],
      extra_containers: [{ name: 'e' }],
    },
  ),
  singleuser(
    'more of the pod',
    { extraPodConfig: { hostname: 'x', restartPolicy: 'Never' } },
    {
      extra_pod_config: { hostname: 'x', restartPolicy: 'Never' },
    },
  ),
  singleuser(
    'nodes',
    { nodeSelector: { a: 'b' }, extraTolerations: [{ key: 'x', operator: 'Exists' }] },
    {
      node_selector: { a: 'b' },
      tolerations: [...dedicated, { key: 'x', operator: 'Exists' }],
    },
  ),
  of(
    'affinities',
    {
      singleuser: {
        extraNodeAffinity: { preferred: [{ weight: 1, preference: user('a') }], required: [user('b')] },
        extraPodAffinity: {
          preferred: [{ weight: 2, podAffinityTerm: { topologyKey: 'a' } }],
          required: [{ topologyKey: 'b' }],
        },
        extraPodAntiAffinity: {
          preferred: [{ weight: 3, podAffinityTerm: { topologyKey: 'c' } }],
          required: [{ topologyKey: 'd' }],
        },
      },
      scheduling: { userPods: { tolerations: [{ key: 'only' }], nodeAffinity: { matchNodePurpose: 'require' } } },
    },
    {
      tolerations: [{ key: 'only' }],
      node_affinity_preferred: [{ weight: 1, preference: user('a') }],
      node_affinity_required: [user('b'), user('user')],
      pod_affinity_preferred: [{ weight: 2, podAffinityTerm: { topologyKey: 'a' } }],
      pod_affinity_required: [{ topologyKey: 'b' }],
      pod_anti_affinity_preferred: [{ weight: 3, podAffinityTerm: { topologyKey: 'c' } }],
      pod_anti_affinity_required: [{ topologyKey: 'd' }],
    },
  ),
  of(
    'nodes of any purpose',
    { scheduling: { userPods: { nodeAffinity: { matchNodePurpose: 'ignore' } } } },
    { node_affinity_preferred: [] },
  ),
  singleuser(
    'no block of the metadata server',
    { cloudMetadata: { blockWithIptables: false } },
    { init_containers: [] },
  ),
  singleuser(
    'a block of another metadata server',
    {
      cloudMetadata: { ip: '1.2.3.4' },
      networkTools: { image: { name: 'n', tag: '2' }, resources: { limits: { cpu: 1 } } },
    },
    {
      init_containers: [
        {
          ...block,
          image: 'n:2',
          command: block.command.map((word) => word.replace('169.254.169.254', '1.2.3.4')),
          resources: { limits: { cpu: 1 } },
        },
      ],
    },
  ),
  singleuser(
    'a volume for each user',
    {
      storage: {
        capacity: '2Gi',
        homeMountPath: '/home/{username}',
        extraLabels: { a: '{username}' },
        dynamic: {
          storageClass: 'fast',
          pvcNameTemplate: 'claim-{username}{servername}',
          volumeNameTemplate: 'volume-{username}{servername}',
          storageAccessModes: ['ReadWriteMany'],
          subPath: 'home',
        },
      },
    },
    {
      storage_capacity: '2Gi',
      storage_class: 'fast',
      storage_access_modes: ['ReadWriteMany'],
      storage_extra_labels: { a: '{username}' },
      pvc_name_template: 'claim-{username}{servername}',
      volumes: {
        v: { name: 'volume-{username}{servername}', persistentVolumeClaim: { claimName: '{pvc_name}' } },
      },
      volume_mounts: { v: { mountPath: '/home/{username}', name: 'volume-{username}{servername}', subPath: 'home' } },
    },
    { server: 'gpu' },
  ),
  singleuser(
    'one volume for all',
    { storage: { type: 'static', static: { pvcName: 'all', subPath: 'home/{username}' } } },
    {
      storage_pvc_ensure: false,
      volumes: [{ name: 'home', persistentVolumeClaim: { claimName: 'all' } }],
      volume_mounts: [{ mountPath: '/home/jovyan', name: 'home', subPath: 'home/{username}' }],
    },
  ),
  singleuser('no volume', { storage: { type: 'none' } }, { storage_pvc_ensure: false, volumes: [], volume_mounts: [] }),
  singleuser(
    'more volumes as lists, and files',
    {
      storage: {
        extraVolumes: [
          { name: 'b', emptyDir: {} },
          { name: 'a', nfs: { server: 's', path: '/{username}' } },
        ],
        extraVolumeMounts: [
          { name: 'b', mountPath: '/b' },
          { name: 'a', mountPath: '/a' },
        ],
      },
      extraFiles: {
        one: { mountPath: '/etc/one.json', data: { a: 1 }, mode: 0o644 },
        two: { mountPath: '/etc/two', stringData: 'x' },
      },
    },
    {
      volumes: {
        ...home.volumes,
        files: {
          name: 'files',
          secret: {
            secretName: 'singleuser',
            items: [
              { key: 'one', path: 'one', mode: 420 },
              { key: 'two', path: 'two' },
            ],
          },
        },
        b: { name: 'b', emptyDir: {} },
        a: { name: 'a', nfs: { server: 's', path: '/{username}' } },
      },
      volume_mounts: {
        ...home.volume_mounts,
        '0-files': { mountPath: '/etc/one.json', subPath: 'one', name: 'files' },
        '1-files': { mountPath: '/etc/two', subPath: 'two', name: 'files' },
        '0-b': { name: 'b', mountPath: '/b' },
        '1-a': { name: 'a', mountPath: '/a' },
      },
    },
  ),
  singleuser(
    'more volumes by name',
    {
      storage: {
        extraVolumes: { z: { name: 'z', emptyDir: {} } },
        extraVolumeMounts: { '00': { name: 'z', mountPath: '/z' } },
      },
    },
    {
      volumes: { ...home.volumes, z: { name: 'z', emptyDir: {} } },
      volume_mounts: { ...home.volume_mounts, '00': { name: 'z', mountPath: '/z' } },
    },
  ),
  of(
    'a trait over the keys',
    {
      singleuser: { extraEnv: { A: '1' }, storage: { extraVolumes: [{ name: 'x' }] }, initContainers: [{ name: 'i' }] },
      hub: {
        config: {
          KubeSpawner: {
            environment: { B: '2' },
            volumes: [{ name: 'only' }],
            volume_mounts: {},
            init_containers: [],
            image: 'mine',
            cmd: ['x'],
          },
        },
      },
    },
    {
      environment: { B: '2' },
      volumes: [{ name: 'only' }],
      volume_mounts: {},
      init_containers: [],
      image: 'mine',
      cmd: ['x'],
    },
  ),
  of(
    'a profile that adds a volume and keeps the home',
    {
      singleuser: {
        profileList: [
          {
            display_name: 'A',
            kubespawner_override: {
              volumes: { d: { name: 'd' } },
              volume_mounts: { d: { name: 'd', mountPath: '/d' } },
              image: 'b:1',
            },
          },
        ],
      },
    },
    {
      profile_list: [
        {
          display_name: 'A',
          kubespawner_override: {
            volumes: { d: { name: 'd' } },
            volume_mounts: { d: { name: 'd', mountPath: '/d' } },
            image: 'b:1',
          },
        },
      ],
    },
  ),
]
