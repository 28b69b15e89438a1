import { clusterKey, key, section } from './key.ts'
import { either, flag, freeMap, integer, list, map, names, oneOf, record, secret, text, texts } from './kinds.ts'
import {
  disruptionBudget,
  extraEnv,
  extraFiles,
  extraList,
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
  usernameRule,
} from './shapes.ts'

const service = record({
  name: text(),
  admin: flag(),
  url: text({ format: 'url' }),
  apiToken: secret(),
  api_token: secret(),
  oauth_client_id: text(),
  oauth_redirect_uri: text(),
  oauth_no_confirm: flag(),
  oauth_client_allowed_scopes: texts(),
  oauth_roles: texts(),
  display: flag(),
  info: freeMap(),
  timeout: integer({ minimum: 0, unit: 'seconds' }),
  command: either(text(), texts()),
  cwd: text(),
  environment: freeMap(),
  user: text(),
})

const role = record({
  name: text(),
  description: text(),
  scopes: texts(),
  users: names(),
  groups: names(),
  services: names(),
})

const services = section("The hub's Service.", {
  type: clusterKey(oneOf(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']), {
    default: 'ClusterIP',
    description: 'How it is reached.',
  }),
  annotations: clusterKey(labels, { default: {}, description: 'Annotations.' }),
  ports: section('Its port.', {
    nodePort: clusterKey(integer({ minimum: 0, maximum: 65535 }), { description: 'The port on each node.' }),
    appProtocol: clusterKey(text(), { description: 'The protocol, for service meshes.' }),
  }),
  extraPorts: extraList('More ports.'),
  loadBalancerIP: clusterKey(text(), { description: 'The address of the load balancer.' }),
  ipFamilyPolicy: clusterKey(text(), { default: 'PreferDualStack', description: 'IPv4, IPv6 or both.' }),
  ipFamilies: extraList('IPv4, IPv6.'),
})

const serviceMonitor = section("What tells Prometheus' operator about the hub's metrics.", {
  enabled: clusterKey(flag(), { default: false, description: 'Make one.' }),
  labels: clusterKey(labels, { default: {}, description: 'Labels, by which a Prometheus may choose what it reads.' }),
  interval: clusterKey(text(), { default: '30s', description: 'How often they are read.' }),
  bearerTokenSecret: clusterKey(freeMap(), {
    description:
      'name and key of a Secret with a token that may read metrics, unless hub.authenticatePrometheus is off.',
  }),
})

const db = section('Where users, tokens and servers are kept.', {
  type: key(oneOf(['sqlite-pvc', 'sqlite-memory', 'mysql', 'postgres', 'other']), {
    default: 'sqlite-pvc',
    description: 'sqlite-pvc keeps a file; postgres and the others need hub.db.url.',
  }),
  url: key(secret({ expected: 'a database URL such as postgresql://user@host/name' }), {
    description: "The database's URL.",
  }),
  password: key(secret(), { description: 'The password for the URL.' }),
  upgrade: key(flag(), {
    trait: 'JupyterHub.upgrade_db',
    description: 'Bring the tables up to date at start; it is always done.',
  }),
  pvc: section('The claim for the database file.', {
    annotations: clusterKey(labels, { default: {}, description: 'Annotations.' }),
    selector: clusterKey(freeMap(), { default: {}, description: 'Which volume to bind.' }),
    accessModes: clusterKey(texts(), { default: ['ReadWriteOnce'], description: 'Access modes.' }),
    storage: clusterKey(text(), { default: '1Gi', description: 'Its size.' }),
    subPath: clusterKey(text(), { description: 'A directory of the volume.' }),
    storageClassName: clusterKey(text(), { description: 'Its storage class.' }),
  }),
})

export const hub = section('The hub: sign-in, users, and the start of servers.', {
  config: key(map(freeMap()), {
    description: 'Settings by their names in JupyterHub: a class, and below it a trait.',
  }),
  baseUrl: key(text({ format: 'base-path' }), {
    default: '/',
    trait: 'JupyterHub.base_url',
    description: 'The path under which everything is served.',
  }),
  cookieSecret: key(secret(), {
    trait: 'JupyterHub.cookie_secret',
    description: 'Signs cookies: 64 hex digits. Without it one is made and kept.',
  }),
  concurrentSpawnLimit: key(integer({ minimum: 0 }), {
    default: 64,
    trait: 'JupyterHub.concurrent_spawn_limit',
    description: 'How many servers may be starting at once; more wait in a queue. 0 means no limit.',
  }),
  consecutiveFailureLimit: key(integer({ minimum: 0 }), {
    default: 5,
    trait: 'Spawner.consecutive_failure_limit',
    description: 'In the original the hub ends after so many failed starts in a row; here it goes on.',
  }),
  activeServerLimit: key(integer({ minimum: 0 }), {
    trait: 'JupyterHub.active_server_limit',
    description: 'How many servers may run at once; 0 means no limit.',
  }),
  allowNamedServers: key(flag(), {
    default: false,
    trait: 'JupyterHub.allow_named_servers',
    description: 'Users may have more servers beside their default one.',
  }),
  namedServerLimitPerUser: key(integer({ minimum: 0 }), {
    trait: 'JupyterHub.named_server_limit_per_user',
    description: 'How many named servers a user may have; 0 means any number.',
  }),
  authenticatePrometheus: key(flag(), {
    trait: 'JupyterHub.authenticate_prometheus',
    description: 'The metrics page asks for a token.',
  }),
  redirectToServer: key(flag(), {
    trait: 'JupyterHub.redirect_to_server',
    description: 'After sign-in, go to the running server instead of the home page.',
  }),
  shutdownOnLogout: key(flag(), {
    trait: 'JupyterHub.shutdown_on_logout',
    description: "Signing out stops the user's servers.",
  }),
  templatePaths: key(texts(), {
    default: [],
    trait: 'JupyterHub.template_paths',
    description: 'Directories with templates that replace the built-in ones.',
  }),
  templateVars: key(freeMap(), {
    default: {},
    trait: 'JupyterHub.template_vars',
    description: 'Variables for the templates, e.g. announcement.',
  }),
  services: key(map(service), { default: {}, description: 'Services beside the servers, by name.' }),
  loadRoles: key(map(role), { default: {}, description: 'Roles, by name: scopes, and who has them.' }),
  extraConfig: key(map(text(), { secret: true, expected: 'a map of names and code' }), {
    default: {},
    description: 'Code by name, in the order of the names: Python that sets values, or hooks in TypeScript.',
  }),
  usernameRules: key(list(usernameRule), {
    default: [],
    trait: 'Authenticator.username_rules',
    description:
      'What is replaced in the names of those who sign in, before anything else: match (a regular expression) and replace.',
  }),
  hookTimeout: key(integer({ minimum: 1, unit: 'seconds' }), {
    default: 10,
    description: 'How long a call of a hook of your own may take.',
  }),
  db,
  existingSecret: clusterKey(text(), { description: 'A Secret of yours that is merged over these values.' }),
  image: image('himalia/hub', release, 'the hub'),
  replicas: clusterKey(integer({ minimum: 0 }), {
    default: 1,
    description: 'How many hubs run; more than one needs a database that they share, such as postgres.',
  }),
  command: clusterKey(texts(), { default: [], description: "Replaces the image's entry point." }),
  args: clusterKey(texts(), { default: [], description: 'Replaces the arguments.' }),
  service: services,
  initContainers: extraList('Containers that run before the hub.'),
  extraContainers: extraList('Containers beside the hub.'),
  extraVolumes: extraList('More volumes of the pod.'),
  extraVolumeMounts: extraList('More mounts of the hub.'),
  extraEnv: clusterKey(extraEnv, { default: {}, description: "More environment variables of the hub's container." }),
  extraFiles,
  deploymentStrategy: section('How a new version replaces the old one.', {
    type: clusterKey(text(), {
      description: 'Recreate or RollingUpdate; without it Recreate where the database is a file, else RollingUpdate.',
    }),
    rollingUpdate: clusterKey(freeMap(), { description: 'Details of a rolling update.' }),
  }),
  labels: podLabels(),
  annotations: podAnnotations(),
  resources: podResources(),
  podSecurityContext: clusterKey(freeMap(), {
    default: { runAsNonRoot: true, fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    description: "The pod's securityContext.",
  }),
  containerSecurityContext: securityContext({
    runAsUser: 1000,
    runAsGroup: 1000,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  }),
  lifecycle: section('What runs after the start and before the end.', {
    postStart: clusterKey(freeMap(), { description: 'After the start.' }),
    preStop: clusterKey(freeMap(), { description: 'Before the end.' }),
  }),
  nodeSelector: nodeSelector(),
  tolerations: tolerations(),
  pdb: disruptionBudget(),
  serviceMonitor,
  networkPolicy: networkPolicy(),
  livenessProbe: probe(300, 30, [10, 3]),
  readinessProbe: probe(0, 1000, [2, 1]),
  serviceAccount: serviceAccount(),
  ...podExtras(),
})
