import { clusterKey, key, type Section, section } from './key.ts'
import { flag, freeMap, integer, oneOf, secret, text, texts } from './kinds.ts'
import {
  disruptionBudget,
  extraEnv,
  extraList,
  extraMap,
  hardened,
  image,
  labels,
  networkPolicy,
  nodeSelector,
  podAnnotations,
  podExtras,
  podLabels,
  podResources,
  probe,
  release,
  securityContext,
  serviceAccount,
  tolerations,
  z2jhRelease,
} from './shapes.ts'

const port = (description: string) => clusterKey(integer({ minimum: 0, maximum: 65535 }), { description })
const env = () => clusterKey(extraEnv, { default: {}, description: 'More environment variables.' })

const service = section('The Service that browsers reach.', {
  type: clusterKey(oneOf(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']), {
    default: 'LoadBalancer',
    description: 'How it is reached.',
  }),
  labels: clusterKey(labels, { default: {}, description: 'Labels.' }),
  annotations: clusterKey(labels, { default: {}, description: 'Annotations.' }),
  nodePorts: section('Ports on each node.', { http: port('For http.'), https: port('For https.') }),
  disableHttpPort: clusterKey(flag(), { default: false, description: 'Leave out port 80.' }),
  extraPorts: extraList('More ports.'),
  externalIPs: extraList('External addresses.'),
  loadBalancerIP: clusterKey(text(), { description: 'The address of the load balancer.' }),
  loadBalancerSourceRanges: clusterKey(texts(), { default: [], description: 'Networks that may connect.' }),
  ipFamilyPolicy: clusterKey(text(), { default: 'PreferDualStack', description: 'IPv4, IPv6 or both.' }),
  ipFamilies: extraList('IPv4, IPv6.'),
})

const https = section('Encryption towards browsers.', {
  enabled: clusterKey(flag(), { default: false, description: 'Serve https.' }),
  type: clusterKey(oneOf(['', 'letsencrypt', 'manual', 'offload', 'secret']), {
    default: 'letsencrypt',
    description:
      "Where the certificate comes from: letsencrypt, manual (given here), secret (a Secret's), or offload (somebody in front does it).",
  }),
  hosts: clusterKey(texts({ expected: 'a list of host names' }), {
    default: [],
    description: 'Host names for the certificate.',
  }),
  letsencrypt: section("Let's Encrypt.", {
    contactEmail: clusterKey(text(), { description: 'Whom they write to.' }),
    acmeServer: clusterKey(text({ format: 'url' }), {
      default: 'https://acme-v02.api.letsencrypt.org/directory',
      description: 'The directory of the certificate authority.',
    }),
  }),
  manual: section('A certificate given here.', {
    key: clusterKey(secret(), { description: 'The private key, PEM.' }),
    cert: clusterKey(secret(), { description: 'The certificate with its chain, PEM.' }),
  }),
  secret: section('A certificate from a Secret.', {
    name: clusterKey(text(), { description: 'Name of the Secret.' }),
    key: clusterKey(text(), { default: 'tls.key', description: 'Its entry with the private key.' }),
    crt: clusterKey(text(), { default: 'tls.crt', description: 'Its entry with the certificate.' }),
  }),
})

const chp: Section = section('The proxy itself.', {
  image: image('himalia/proxy', release, 'the proxy'),
  command: clusterKey(texts(), { default: ['configurable-http-proxy'], description: "The container's command." }),
  extraCommandLineFlags: clusterKey(texts(), { default: [], description: 'More flags of the proxy.' }),
  defaultTarget: clusterKey(text(), { description: 'Where requests without a route go; without it: the hub.' }),
  errorTarget: clusterKey(text(), { description: 'Who makes error pages; without it: the hub.' }),
  extraEnv: env(),
  resources: podResources(),
  nodeSelector: nodeSelector(),
  tolerations: tolerations(),
  pdb: disruptionBudget(),
  containerSecurityContext: securityContext(hardened),
  livenessProbe: probe(60, 30, [10, 3]),
  readinessProbe: probe(0, 1000, [2, 1]),
  networkPolicy: networkPolicy({ allowedIngressPorts: ['http', 'https'] }),
  ...podExtras(),
})

const traefik: Section = section("What serves https with Let's Encrypt.", {
  image: image('traefik', 'v3.7.8', 'it'),
  command: clusterKey(texts(), { description: "The container's command." }),
  args: clusterKey(texts(), { description: "The container's arguments." }),
  hsts: section('Browsers are told to come back with https only.', {
    includeSubdomains: clusterKey(flag(), { default: false, description: 'Also for subdomains.' }),
    preload: clusterKey(flag(), { default: false, description: 'Allow the preload list.' }),
    maxAge: clusterKey(integer({ minimum: 0, unit: 'seconds' }), { default: 15724800, description: 'For how long.' }),
  }),
  extraStaticConfig: extraMap('Merged into its static configuration.'),
  extraDynamicConfig: extraMap('Merged into its dynamic configuration.'),
  labels: podLabels(),
  resources: podResources(),
  extraInitContainers: extraList('Containers that run before it.'),
  extraEnv: env(),
  extraVolumes: extraList('More volumes.'),
  extraVolumeMounts: extraList('More mounts.'),
  extraPorts: extraList('More ports.'),
  nodeSelector: nodeSelector(),
  tolerations: tolerations(),
  containerSecurityContext: securityContext(hardened),
  networkPolicy: networkPolicy({ allowedIngressPorts: ['http', 'https'] }),
  pdb: disruptionBudget(),
  serviceAccount: serviceAccount(),
  ...podExtras(),
})

export const proxy = section('The proxy: what browsers connect to.', {
  secretToken: key(secret(), {
    trait: 'ConfigurableHTTPProxy.auth_token',
    description: 'The token shared by hub and proxy. Without it one is made and kept.',
  }),
  replicas: clusterKey(integer({ minimum: 0 }), { default: 1, description: 'How many proxies run.' }),
  service,
  https,
  chp,
  traefik,
  secretSync: section('Keeps certificates in a Secret.', {
    image: image('quay.io/jupyterhub/k8s-secret-sync', z2jhRelease, 'it'),
    containerSecurityContext: securityContext(hardened),
    resources: podResources(),
  }),
  deploymentStrategy: section('How a new version replaces the old one.', {
    type: clusterKey(text(), { description: 'RollingUpdate, unless Recreate is written here.' }),
    rollingUpdate: clusterKey(freeMap(), { description: 'Details of a rolling update.' }),
  }),
  labels: podLabels(),
  annotations: podAnnotations(),
})
