import { clusterKey, key, section } from './key.ts'
import {
  bytes,
  command,
  cpu,
  either,
  environment,
  flag,
  freeList,
  freeMap,
  integer,
  list,
  map,
  oneOf,
  text,
  texts,
} from './kinds.ts'
import { profile, serverOverride } from './profile.ts'
import {
  extraFiles,
  extraList,
  gpu,
  image,
  labels,
  networkPolicy,
  nodeSelector,
  podResources,
  quantity,
  z2jhRelease,
} from './shapes.ts'

const affinity = (what: string, trait: string) =>
  section(`Near which ${what} servers run.`, {
    required: clusterKey(freeList(), {
      default: [],
      trait: `KubeSpawner.${trait}_required`,
      description: 'Terms that must hold.',
    }),
    preferred: clusterKey(freeList(), {
      default: [],
      trait: `KubeSpawner.${trait}_preferred`,
      description: 'Terms that should hold, with weights.',
    }),
  })

const volumes = either(list(freeMap()), map(freeMap()), { expected: 'a list, or a map by name' })

const storage = section('Where the homes are kept.', {
  type: clusterKey(oneOf(['dynamic', 'static', 'none']), {
    default: 'dynamic',
    description: 'dynamic: a volume for each user; static: one volume for all; none: nothing is kept.',
  }),
  capacity: clusterKey(quantity, {
    default: '10Gi',
    trait: 'KubeSpawner.storage_capacity',
    description: "The size of each user's volume.",
  }),
  homeMountPath: clusterKey(text(), { default: '/home/jovyan', description: 'Where the home is in the server.' }),
  extraLabels: clusterKey(labels, {
    default: {},
    trait: 'KubeSpawner.storage_extra_labels',
    description: 'Labels of new volume claims.',
  }),
  extraVolumes: clusterKey(volumes, { description: 'More volumes.' }),
  extraVolumeMounts: clusterKey(volumes, { description: 'More mounts.' }),
  static: section('One volume for all.', {
    pvcName: clusterKey(text(), { description: 'The name of its claim.' }),
    subPath: clusterKey(text(), { default: '{username}', description: 'The directory of a user in it.' }),
  }),
  dynamic: section('A volume for each user.', {
    storageClass: clusterKey(text(), { trait: 'KubeSpawner.storage_class', description: 'Its storage class.' }),
    pvcNameTemplate: clusterKey(text(), {
      trait: 'KubeSpawner.pvc_name_template',
      description: 'The name of the claim; without it claim-{user_server}.',
    }),
    volumeNameTemplate: clusterKey(text(), {
      default: 'volume-{user_server}',
      description: 'The name of the volume in the pod.',
    }),
    storageAccessModes: clusterKey(texts(), {
      default: ['ReadWriteOnce'],
      trait: 'KubeSpawner.storage_access_modes',
      description: 'Access modes of the claim.',
    }),
    subPath: clusterKey(text(), { description: 'A directory of the volume.' }),
  }),
})

export const singleuser = section("The users' servers.", {
  image: image('quay.io/jupyterhub/k8s-singleuser-sample', z2jhRelease, 'the servers'),
  cmd: key(command(), {
    default: 'jupyterhub-singleuser',
    trait: 'Spawner.cmd',
    description: "The command of a server; null: the image's own.",
  }),
  defaultUrl: key(text(), {
    trait: 'Spawner.default_url',
    description: 'What a server opens with, e.g. /lab.',
  }),
  startTimeout: key(integer({ minimum: 1, unit: 'seconds' }), {
    default: 300,
    trait: 'KubeSpawner.start_timeout',
    description: 'How long a server may take to start.',
  }),
  memory: section('Memory of a server.', {
    limit: key(bytes(), { trait: 'KubeSpawner.mem_limit', description: 'The most it may use.' }),
    guarantee: key(bytes(), {
      default: '1G',
      trait: 'KubeSpawner.mem_guarantee',
      description: 'What it always has.',
    }),
  }),
  cpu: section('Cores of a server.', {
    limit: key(cpu(), { trait: 'KubeSpawner.cpu_limit', description: 'The most it may use.' }),
    guarantee: key(cpu(), { trait: 'KubeSpawner.cpu_guarantee', description: 'What it always has.' }),
  }),
  extraEnv: key(environment({ expected: 'a map of environment variables' }), {
    default: {},
    trait: 'KubeSpawner.environment',
    description: 'Environment variables of a server.',
  }),
  overrides: key(map(serverOverride), {
    default: {},
    description:
      'What is different for some people, by a name of your choice, over what they picked: users, groups (* stands ' +
      'for anything, {group} below for the group), admins, and kubespawner_override as in a profile.',
  }),
  authStateEnv: key(map(text()), {
    default: {},
    description:
      'Environment variables from what the sign-in gave: a name, and where it stands: ' +
      'access_token, user.email. Needs enable_auth_state.',
  }),
  profileList: key(list(profile), {
    default: [],
    description: 'What users may choose from before a start: images, sizes and more.',
  }),
  podNameTemplate: clusterKey(text(), {
    trait: 'KubeSpawner.pod_name_template',
    description: 'The name of a pod; without it jupyter-{user_server}.',
  }),
  uid: clusterKey(integer({ minimum: 0 }), {
    default: 1000,
    trait: 'KubeSpawner.uid',
    description: 'The user id that servers run as.',
  }),
  fsGid: clusterKey(integer({ minimum: 0 }), {
    default: 100,
    trait: 'KubeSpawner.fs_gid',
    description: 'The group id that volumes belong to.',
  }),
  allowPrivilegeEscalation: clusterKey(flag(), {
    default: false,
    trait: 'KubeSpawner.allow_privilege_escalation',
    description: 'Programs may get more rights, e.g. by sudo.',
  }),
  serviceAccountName: clusterKey(text(), {
    trait: 'KubeSpawner.service_account',
    description: 'The service account of the pods; without it they get no token.',
  }),
  events: clusterKey(flag(), {
    default: true,
    trait: 'KubeSpawner.events_enabled',
    description: 'The progress page shows what Kubernetes says.',
  }),
  extraResource: section('Other resources, e.g. GPUs.', {
    limits: clusterKey(freeMap(), {
      default: {},
      trait: 'KubeSpawner.extra_resource_limits',
      description: 'Limits, e.g. nvidia.com/gpu: "1".',
    }),
    guarantees: clusterKey(freeMap(), {
      default: {},
      trait: 'KubeSpawner.extra_resource_guarantees',
      description: 'Guarantees.',
    }),
  }),
  gpu: clusterKey(gpu, {
    trait: 'KubeSpawner.gpu',
    description: 'GPUs of a server: a number (of NVIDIA), or a map with count, and vendor or resource.',
  }),
  sharedMemory: clusterKey(quantity, {
    trait: 'KubeSpawner.shared_memory',
    description: 'The size of /dev/shm; it counts against the memory limit. Without it 64 MiB.',
  }),
  ephemeralStorage: section("What a server writes to its node's disk.", {
    limit: clusterKey(quantity, {
      trait: 'KubeSpawner.ephemeral_storage_limit',
      description: 'The most; a server that writes more is ended.',
    }),
    guarantee: clusterKey(quantity, {
      trait: 'KubeSpawner.ephemeral_storage_guarantee',
      description: 'What it always has.',
    }),
  }),
  runtimeClassName: clusterKey(text(), {
    trait: 'KubeSpawner.runtime_class_name',
    description: 'How containers of servers are run, e.g. nvidia or gvisor.',
  }),
  extraLabels: clusterKey(labels, {
    default: { 'hub.jupyter.org/network-access-hub': 'true' },
    trait: 'KubeSpawner.extra_labels',
    description: 'Labels of the pods.',
  }),
  extraAnnotations: clusterKey(labels, {
    default: {},
    trait: 'KubeSpawner.extra_annotations',
    description: 'Annotations of the pods.',
  }),
  extraFiles,
  initContainers: clusterKey(volumes, {
    default: [],
    trait: 'KubeSpawner.init_containers',
    description: 'Containers that run before the server.',
  }),
  extraContainers: clusterKey(volumes, {
    default: [],
    trait: 'KubeSpawner.extra_containers',
    description: 'Containers beside the server.',
  }),
  lifecycleHooks: section('What runs in the server after its start and before its end.', {
    postStart: clusterKey(freeMap(), { description: 'After the start.' }),
    preStop: clusterKey(freeMap(), { description: 'Before the end.' }),
  }),
  extraPodConfig: clusterKey(freeMap(), {
    default: {},
    trait: 'KubeSpawner.extra_pod_config',
    description: 'Merged into the spec of the pods.',
  }),
  nodeSelector: { ...nodeSelector(), trait: 'KubeSpawner.node_selector' },
  extraTolerations: extraList('Taints of nodes that servers tolerate.'),
  extraNodeAffinity: affinity('nodes', 'node_affinity'),
  extraPodAffinity: affinity('pods', 'pod_affinity'),
  extraPodAntiAffinity: affinity('pods', 'pod_anti_affinity'),
  networkTools: section('Closes the metadata server of the cloud.', {
    image: image('quay.io/jupyterhub/k8s-network-tools', z2jhRelease, 'it'),
    resources: podResources(),
  }),
  cloudMetadata: section('The metadata server of the cloud.', {
    blockWithIptables: clusterKey(flag(), { default: true, description: 'Servers may not reach it.' }),
    ip: clusterKey(text(), { default: '169.254.169.254', description: 'Its address.' }),
  }),
  networkPolicy: networkPolicy({ allows: { cloudMetadataServer: false, privateIPs: false } }),
  storage,
})
