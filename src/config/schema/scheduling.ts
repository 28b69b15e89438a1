import { clusterKey, section } from './key.ts'
import { flag, freeList, freeMap, integer, oneOf } from './kinds.ts'
import {
  disruptionBudget,
  hardened,
  image,
  nodeSelector,
  podAnnotations,
  podExtras,
  podLabels,
  podResources,
  securityContext,
  serviceAccount,
  tolerations,
} from './shapes.ts'

const dedicated = (value: string) =>
  ['hub.jupyter.org/dedicated', 'hub.jupyter.org_dedicated'].map((key) => ({
    key,
    operator: 'Equal',
    value,
    effect: 'NoSchedule',
  }))

const pods = (whose: string, value: string) =>
  section(`Where ${whose} run.`, {
    tolerations: tolerations(dedicated(value)),
    nodeAffinity: section('On which nodes.', {
      matchNodePurpose: clusterKey(oneOf(['ignore', 'prefer', 'require']), {
        default: 'prefer',
        description: `What the node label hub.jupyter.org/node-purpose=${value} means.`,
      }),
    }),
  })

const priority = (fallback: number, description: string) => clusterKey(integer(), { default: fallback, description })

const userScheduler = section('A scheduler that fills one node after the other.', {
  enabled: clusterKey(flag(), { default: true, description: 'Use it for servers.' }),
  replicas: clusterKey(integer({ minimum: 0 }), { default: 2, description: 'How many of it run.' }),
  logLevel: clusterKey(integer(), { default: 4, description: 'How much it logs.' }),
  image: image('registry.k8s.io/kube-scheduler', 'v1.35.7', 'it'),
  plugins: clusterKey(freeMap(), {
    default: {
      score: {
        disabled: [
          { name: 'NodeResourcesBalancedAllocation' },
          { name: 'NodeAffinity' },
          { name: 'InterPodAffinity' },
          { name: 'NodeResourcesFit' },
          { name: 'ImageLocality' },
        ],
        enabled: [
          { name: 'NodeAffinity', weight: 14631 },
          { name: 'InterPodAffinity', weight: 1331 },
          { name: 'NodeResourcesFit', weight: 121 },
          { name: 'ImageLocality', weight: 11 },
        ],
      },
    },
    description: 'Its plug-ins.',
  }),
  pluginConfig: clusterKey(freeList(), {
    default: [
      {
        name: 'NodeResourcesFit',
        args: {
          scoringStrategy: {
            type: 'MostAllocated',
            resources: [
              { name: 'cpu', weight: 1 },
              { name: 'memory', weight: 1 },
            ],
          },
        },
      },
    ],
    description: 'Settings of its plug-ins.',
  }),
  pdb: disruptionBudget({ enabled: true, maxUnavailable: 1 }),
  containerSecurityContext: securityContext(hardened),
  nodeSelector: nodeSelector(),
  tolerations: tolerations(),
  labels: podLabels(),
  annotations: podAnnotations(),
  resources: podResources(),
  serviceAccount: serviceAccount(),
  ...podExtras(),
})

export const scheduling = section('Which pods run on which nodes.', {
  userScheduler,
  podPriority: section('Which pods give way to others.', {
    enabled: clusterKey(flag(), { default: false, description: 'Use priorities.' }),
    globalDefault: clusterKey(flag(), { default: false, description: 'Ours is the default of the whole cluster.' }),
    defaultPriority: priority(0, 'Of the hub, the proxy and servers.'),
    imagePullerPriority: priority(-5, 'Of what pulls images.'),
    userPlaceholderPriority: priority(-10, 'Of placeholders.'),
  }),
  userPlaceholder: section('Pods that keep room for servers.', {
    enabled: clusterKey(flag(), { default: true, description: 'Use them.' }),
    replicas: clusterKey(integer({ minimum: 0 }), { default: 0, description: 'How many.' }),
    image: image('registry.k8s.io/pause', '3.10.2', 'them'),
    resources: podResources(),
    labels: podLabels(),
    annotations: podAnnotations(),
    containerSecurityContext: securityContext(hardened),
    ...podExtras(),
  }),
  corePods: pods('the hub, the proxy and the others of the chart', 'core'),
  userPods: pods('servers', 'user'),
})
