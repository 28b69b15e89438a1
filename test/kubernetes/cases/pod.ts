import type { Case } from '../case.ts'

const expression = (value: string) => ({ matchExpressions: [{ key: 'k', operator: 'In', values: [value] }] })
const near = (value: string) => ({ labelSelector: expression(value), topologyKey: 'kubernetes.io/hostname' })

export const pod: readonly Case[] = [
  {
    says: 'labels and annotations',
    traits: { extra_labels: { a: '{username}', app: 'mine' }, extra_annotations: { b: '{userid}' } },
    server: 'gpu',
  },
  { says: 'a label for the user of its own', traits: { extra_labels: { 'hub.jupyter.org/username': 'x' } } },
  {
    says: 'labels of everything',
    traits: { common_labels: { team: 'blue', app: 'hub-{username}' }, extra_labels: { team: 'red' } },
  },
  { says: 'no labels of everything', traits: { common_labels: {} } },
  {
    says: 'other fields of the pod',
    traits: {
      extra_pod_config: {
        dnsConfig: { searches: ['{username}.example.org'] },
        host_pid: true,
        hostNetwork: true,
        restartPolicy: 'Never',
        termination_grace_period_seconds: 60,
        enableServiceLinks: false,
        shareProcessNamespace: true,
        runtimeClassName: 'gvisor',
        hostname: 'of-{username}',
        hostAliases: [{ ip: '127.0.0.1', hostnames: ['a'] }],
        topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }],
      },
    },
  },
  {
    says: 'fields of the pod that replace made ones',
    traits: {
      fs_gid: 100,
      volumes: [{ name: 'home', emptyDir: {} }],
      tolerations: [{ key: 'a', operator: 'Exists' }],
      extra_pod_config: { volumes: [], tolerations: [], securityContext: { fsGroup: 5 }, imagePullSecrets: null },
    },
  },
  { says: 'nodes with labels', traits: { node_selector: { disk: 'ssd', who: '{username}' } } },
  {
    says: 'tolerations',
    traits: {
      tolerations: [
        { key: 'a', operator: 'Equal', value: 'b', effect: 'NoSchedule' },
        { key: 'spot', operator: 'Exists', effect: 'NoExecute', toleration_seconds: 60 },
      ],
    },
  },
  { says: 'tolerations by name', traits: { tolerations: { z: { key: 'z' }, a: { key: 'a', operator: 'Exists' } } } },
  {
    says: 'nodes that are preferred',
    traits: { node_affinity_preferred: [{ weight: 10, preference: expression('a') }] },
  },
  { says: 'nodes that are required', traits: { node_affinity_required: [expression('a'), expression('b')] } },
  {
    says: 'nodes that are preferred and required, by name',
    traits: {
      node_affinity_preferred: {
        b: { weight: 1, preference: expression('b') },
        a: { weight: 2, preference: expression('a') },
      },
      node_affinity_required: { only: { match_expressions: [{ key: 'k', operator: 'Exists' }] } },
    },
  },
  { says: 'pods that should be near', traits: { pod_affinity_preferred: [{ weight: 5, podAffinityTerm: near('a') }] } },
  { says: 'pods that must be near', traits: { pod_affinity_required: [near('a')] } },
  {
    says: 'pods that should be far',
    traits: { pod_anti_affinity_preferred: [{ weight: 5, pod_affinity_term: near('a') }] },
  },
  { says: 'pods that must be far', traits: { pod_anti_affinity_required: [near('a')] } },
  {
    says: 'all six affinities',
    traits: {
      node_affinity_preferred: [{ weight: 1, preference: expression('a') }],
      node_affinity_required: [expression('b')],
      pod_affinity_preferred: [{ weight: 2, podAffinityTerm: near('c') }],
      pod_affinity_required: [near('d')],
      pod_anti_affinity_preferred: [{ weight: 3, podAffinityTerm: near('e') }],
      pod_anti_affinity_required: { f: near('f') },
    },
  },
  { says: 'a scheduler', traits: { scheduler_name: 'other-scheduler' } },
  { says: 'a priority', traits: { priority_class_name: 'high' } },
  {
    says: 'a service of its own',
    traits: { services_enabled: true, extra_labels: { a: '{username}' } },
    server: 'gpu',
  },
  {
    says: 'a security context with a name of Python',
    traits: { pod_security_context: { fs_group: 5 } },
    differs: 'refused by both',
  },
  { says: 'a template with an unknown name', traits: { extra_labels: { a: '{user}' } }, differs: 'refused by both' },
  { says: 'a template with a lone brace', traits: { volumes: [{ name: 'a}' }] }, differs: 'refused by both' },
  {
    says: 'a field that its library does not know',
    traits: { extra_pod_config: { brandNew: 1 } },
    differs: 'unknown fields',
  },
]

export const storage: readonly Case[] = [
  { says: 'a claim', traits: { storage_pvc_ensure: true, storage_capacity: '10Gi' } },
  { says: 'a claim of a class', traits: { storage_capacity: '1Ti', storage_class: 'fast' } },
  { says: 'a claim of no class', traits: { storage_capacity: '1Gi', storage_class: '' } },
  {
    says: 'a claim with everything',
    server: 'gpu',
    traits: {
      storage_capacity: '5G',
      storage_access_modes: ['ReadWriteMany', 'ReadOnlyMany'],
      storage_selector: { matchLabels: { who: '{username}' } },
      storage_extra_labels: { l: '{servername}', component: 'mine' },
      storage_extra_annotations: { a: '{unescaped_username}', 'hub.jupyter.org/username': 'x' },
    },
  },
  {
    says: 'volumes',
    user: 'José@uni.de',
    traits: {
      volumes: [
        { name: 'volume-{user_server}', persistentVolumeClaim: { claimName: '{pvc_name}' } },
        { name: 'nfs', nfs: { server: '10.0.0.1', path: '/export/{username}' } },
        { name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '1Gi' } },
        { name: 'scratch', ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'] } } } },
        { name: 'csi', csi: { driver: 'x', volumeAttributes: { of: '{escaped_username}' } } },
        { name: 'host', host_path: { path: '/data' } },
        { name: 'info', downward_api: { items: [] } },
        { name: 'conf', config_map: { name: 'c', defaultMode: 420 } },
      ],
      volume_mounts: [
        { name: 'volume-{user_server}', mountPath: '/home/jovyan' },
        { name: 'nfs', mount_path: '/nfs', read_only: true, subPath: 'home/{username}' },
        { name: 'shm', mountPath: '/dev/shm' },
        { name: 'csi', mountPath: '/x', sub_path_expr: '$(POD)', subPath: null },
      ],
    },
  },
  {
    says: 'volumes by name',
    traits: {
      volumes: {
        '2-b': { name: 'b', emptyDir: {} },
        '10-a': { name: 'a', emptyDir: {} },
        é: { name: 'e' },
        Z: { name: 'z' },
      },
      volume_mounts: { b: { name: 'b', mountPath: '/b' }, a: { name: 'a', mountPath: '/a' } },
    },
  },
  {
    says: 'a volume with a name that is too long',
    user: 'x'.repeat(60),
    traits: { volumes: [{ name: 'volume-{unescaped_username}' }] },
    differs: 'long names',
  },
]

/** Traits that leave the manifests alone, or that others read. */
export const quiet: readonly Case[] = [
  {
    says: 'settings of how the hub goes about it',
    traits: {
      delete_grace_period: 30,
      delete_pvc: false,
      delete_stopped_pods: false,
      events_enabled: false,
      handle_legacy_names: false,
      remember_pvc_name: false,
      k8s_api_request_retry_timeout: 60,
      k8s_api_request_timeout: 10,
      k8s_api_ssl_ca_cert: '/etc/ca.pem',
      k8s_api_verify_ssl: true,
      k8s_api_host: 'https://127.0.0.1:1',
      secret_mount_path: '/ssl',
      secret_name_template: 'secret-{pod_name}',
      slow_spawn_message: 'It takes {seconds} s.',
      slow_spawn_message_frequency: 3,
      slow_spawn_message_threshold: 10,
      start_timeout: 10,
    },
  },
]
