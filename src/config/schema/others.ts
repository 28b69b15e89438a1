import { clusterKey, key, section } from './key.ts'
import { flag, freeList, integer, map, oneOf, record, text, texts } from './kinds.ts'
import {
  hardened,
  image,
  labels,
  nodeSelector,
  podAnnotations,
  podLabels,
  podResources,
  pullPolicy,
  securityContext,
  serviceAccount,
  tolerations,
  z2jhRelease,
} from './shapes.ts'

export const cull = section('What stops idle servers.', {
  enabled: key(flag(), { default: true, trait: 'IdleCuller.enabled', description: 'Stop idle servers.' }),
  timeout: key(integer({ minimum: 0, unit: 'seconds' }), {
    default: 3600,
    trait: 'IdleCuller.timeout',
    description: 'How long a server may be idle.',
  }),
  every: key(integer({ minimum: 0, unit: 'seconds' }), {
    default: 600,
    trait: 'IdleCuller.every',
    description: 'How often idle servers are looked for.',
  }),
  maxAge: key(integer({ minimum: 0, unit: 'seconds' }), {
    default: 0,
    trait: 'IdleCuller.max_age',
    description: 'The longest life of a server, idle or not; 0: no limit.',
  }),
  concurrency: key(integer({ minimum: 0 }), {
    default: 10,
    trait: 'IdleCuller.concurrency',
    description: 'How many servers are stopped at once.',
  }),
  users: key(flag(), { default: false, trait: 'IdleCuller.users', description: 'Delete idle users, too.' }),
  adminUsers: key(flag(), {
    default: true,
    trait: 'IdleCuller.admin_users',
    description: "Stop administrators' servers, too.",
  }),
  removeNamedServers: key(flag(), {
    default: false,
    trait: 'IdleCuller.remove_named_servers',
    description: 'Remove a named server when it is stopped.',
  }),
})

const pulledImage = record({ name: text(), tag: text(), pullPolicy }, { required: ['name', 'tag'] })

export const prePuller = section('What pulls images to the nodes before servers need them.', {
  labels: podLabels(),
  annotations: podAnnotations(),
  resources: podResources(),
  extraTolerations: tolerations(),
  revisionHistoryLimit: clusterKey(integer({ minimum: 0 }), { description: 'How many old revisions are kept.' }),
  containerSecurityContext: securityContext(hardened),
  hook: section('Before each upgrade.', {
    enabled: clusterKey(flag(), { default: true, description: 'Pull before an upgrade.' }),
    pullOnlyOnChanges: clusterKey(flag(), { default: true, description: 'Only when images changed.' }),
    image: image('quay.io/jupyterhub/k8s-image-awaiter', z2jhRelease, 'what waits for it'),
    podSchedulingWaitDuration: clusterKey(integer({ minimum: -1, unit: 'seconds' }), {
      default: 10,
      description: 'How long pods may wait for a node; -1: for ever.',
    }),
    containerSecurityContext: securityContext(hardened),
    nodeSelector: nodeSelector(),
    tolerations: tolerations(),
    resources: podResources(),
    serviceAccount: serviceAccount(),
    serviceAccountImagePuller: serviceAccount(),
    daemonsetAnnotations: clusterKey(labels, { default: {}, description: 'Annotations.' }),
  }),
  continuous: section('On each new node.', {
    enabled: clusterKey(flag(), { default: true, description: 'Pull on each new node.' }),
    serviceAccount: serviceAccount(),
    daemonsetAnnotations: clusterKey(labels, { default: {}, description: 'Annotations.' }),
  }),
  pullProfileListImages: clusterKey(flag(), { default: true, description: 'Pull the images of profiles, too.' }),
  extraImages: clusterKey(map(pulledImage), { default: {}, description: 'More images, by a name of your choice.' }),
  pause: section('What keeps the pods of the puller alive.', {
    image: image('registry.k8s.io/pause', '3.10.2', 'it'),
    containerSecurityContext: securityContext(hardened),
  }),
})

export const ingress = section('An Ingress in front of the proxy.', {
  enabled: clusterKey(flag(), { default: false, description: 'Make one.' }),
  annotations: clusterKey(labels, { default: {}, description: 'Annotations.' }),
  ingressClassName: clusterKey(text(), { description: 'Its class.' }),
  hosts: clusterKey(texts({ expected: 'a list of host names' }), { default: [], description: 'Host names.' }),
  pathSuffix: clusterKey(text(), { description: 'Added to the path.' }),
  pathType: clusterKey(oneOf(['Prefix', 'Exact', 'ImplementationSpecific']), {
    default: 'Prefix',
    description: 'How the path is compared.',
  }),
  tls: clusterKey(freeList(), { default: [], description: 'Certificates.' }),
  extraPaths: clusterKey(freeList(), { default: [], description: 'More paths.' }),
})

export const httpRoute = section('An HTTPRoute of the Gateway API in front of the proxy.', {
  enabled: clusterKey(flag(), { default: false, description: 'Make one.' }),
  annotations: clusterKey(labels, { default: {}, description: 'Annotations.' }),
  hostnames: clusterKey(texts(), { default: [], description: 'Host names.' }),
  parentRefs: clusterKey(freeList(), { default: [], description: 'The gateways.' }),
})

export const imagePullSecret = section('A secret for a private registry, made from these values.', {
  create: clusterKey(flag(), { default: false, description: 'Make it.' }),
  automaticReferenceInjection: clusterKey(flag(), { default: true, description: 'Use it for every pod.' }),
  registry: clusterKey(text(), { description: 'The registry; empty: Docker Hub.' }),
  username: clusterKey(text(), { description: 'The user.' }),
  password: clusterKey(text({ secret: true }), { description: 'The password.' }),
  email: clusterKey(text(), { description: 'The address, where the registry wants one.' }),
})
