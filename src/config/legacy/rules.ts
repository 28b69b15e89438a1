/** How older charts wrote things: one row each, oldest habits included. What a row says is done both when a file is read and when it is rewritten. */

export interface LegacyRule {
  readonly from: readonly string[]
  /** The charts that knew it, e.g. `0.8–0.11`. */
  readonly charts: string
  /** Where it goes now; nowhere when it has no counterpart. null: this is no old key after all. */
  readonly moves: (value: unknown) => readonly Move[] | null
  /** What to know about it. */
  readonly note?: string
}

export interface Move {
  readonly to: readonly string[]
  /** Another value in place of the one that stands there. */
  readonly value?: unknown
}

const path = (text: string) => text.split('.')

/** The value goes as it is to other places. */
const moved = (from: string, to: readonly string[], charts: string, note?: string): LegacyRule => ({
  from: path(from),
  charts,
  moves: () => to.map((one) => ({ to: path(one) })),
  ...(note ? { note } : {}),
})

const changed = (from: string, charts: string, moves: LegacyRule['moves'], note?: string): LegacyRule => ({
  from: path(from),
  charts,
  moves,
  ...(note ? { note } : {}),
})

const gone = (from: string, charts: string, note: string): LegacyRule => ({
  from: path(from),
  charts,
  moves: () => [],
  note,
})

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `{enabled, registry, …}` of one pod became `{create, registry, …}` for all. */
function pullSecret(value: unknown): readonly Move[] | null {
  if (!isMap(value) || !('enabled' in value)) return null
  const { enabled, ...rest } = value
  return enabled === true ? [{ to: ['imagePullSecret'], value: { create: true, ...rest } }] : []
}

export const chartRules: readonly LegacyRule[] = [
  changed('hub.extraConfig', '0.4–0.11', (value) =>
    typeof value === 'string' ? [{ to: ['hub', 'extraConfig', 'deprecated string'] }] : null,
  ),
  moved('hub.extraConfigMap', ['custom'], '0.6–0.11'),
  moved('hub.uid', ['hub.containerSecurityContext.runAsUser'], '0.4–0.11'),
  moved('hub.fsGid', ['hub.podSecurityContext.fsGroup'], '0.4–1.2'),
  gone('hub.publicURL', '0.8–0.11', 'It never had an effect.'),
  moved('hub.imagePullPolicy', ['hub.image.pullPolicy'], '0.8'),
  moved('singleuser.imagePullPolicy', ['singleuser.image.pullPolicy'], '0.8'),
  changed('hub.imagePullSecret', '0.8–0.9', pullSecret),
  changed('singleuser.imagePullSecret', '0.8–0.9', pullSecret),
  moved('proxy.nodeSelector', ['proxy.chp.nodeSelector', 'proxy.traefik.nodeSelector'], '0.4–0.9'),
  moved('proxy.networkPolicy', ['proxy.chp.networkPolicy', 'proxy.traefik.networkPolicy'], '0.8–0.9'),
  moved('proxy.pdb', ['proxy.chp.pdb'], '0.7–0.10'),
  moved('proxy.containerSecurityContext', ['proxy.chp.containerSecurityContext'], 'before 0.10'),
  gone('proxy.nginx', '0.4–0.8', 'There is no nginx any more, and no limit on the size of requests.'),
  gone('proxy.lego', '0.4–0.8', 'Certificates come through proxy.https.'),
  changed('singleuser.cloudMetadata.enabled', '0.5–0.11', (value) => [
    { to: path('singleuser.cloudMetadata.blockWithIptables'), value: value !== true },
  ]),
  gone('singleuser.schedulerStrategy', '0.5–0.8', 'scheduling.userScheduler packs servers tightly by itself.'),
  gone('scheduling.userScheduler.policy', '0.9', 'It is written as scheduling.userScheduler.plugins now.'),
  moved('rbac.enabled', ['rbac.create'], '0.4–1.2'),
  moved('token.proxy', ['proxy.secretToken'], '0.1–0.4'),
  changed('httpRoute.gateway', '4.3–4.4', (value) =>
    isMap(value) ? [{ to: path('httpRoute.parentRefs'), value: [{ kind: 'Gateway', ...value }] }] : null,
  ),
]

const trait = (from: string, to: string, charts: string): LegacyRule =>
  moved(`hub.config.${from}`, [`hub.config.${to}`], charts)

/** Names that traits had before. */
export const traitRules: readonly LegacyRule[] = [
  trait('JupyterHub.admin_users', 'Authenticator.admin_users', '0.11–4.x'),
  trait('Authenticator.whitelist', 'Authenticator.allowed_users', '0.8–1.x'),
  trait('Authenticator.blacklist', 'Authenticator.blocked_users', '0.8–1.x'),
  trait('KubeSpawner.image_spec', 'KubeSpawner.image', '0.4–0.8'),
  ...['working_dir', 'service_account', 'extra_labels', 'extra_annotations', 'image_pull_policy', 'image_pull_secrets']
    .concat(['node_selector', 'uid', 'fs_gid', 'supplemental_gids', 'privileged', 'extra_pod_config'])
    .concat(['init_containers', 'extra_container_config', 'extra_containers', 'lifecycle_hooks'])
    .map((name) => trait(`KubeSpawner.singleuser_${name}`, `KubeSpawner.${name}`, '0.4–0.8')),
  trait('KubeSpawner.singleuser_image_spec', 'KubeSpawner.image', '0.4–0.8'),
  ...['storage_class', 'storage_pvc_ensure', 'storage_capacity', 'storage_extra_labels', 'storage_access_modes'].map(
    (name) => trait(`KubeSpawner.user_${name}`, `KubeSpawner.${name}`, '0.4–0.8'),
  ),
  trait('GenericOAuthenticator.username_key', 'GenericOAuthenticator.username_claim', '0.11–3.x'),
  trait('GenericOAuthenticator.extra_params', 'GenericOAuthenticator.token_params', '0.11–2.x'),
]
