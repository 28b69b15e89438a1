/** The names of a server's objects. Nothing else builds a name. */
import type { KubernetesSettings } from '#config'
import type { ServerRef } from '../contract.ts'
import { escapeSlug, fitted, multiSlug, safeSlug } from './slugs.ts'
import { type Fields, filledIn } from './templates.ts'

export interface Names {
  readonly namespace: string
  readonly pod: string
  readonly claim: string
  /** The name of the server's Service in DNS. */
  readonly dns: string
  /** For templates elsewhere in the settings. */
  readonly fields: Fields
}

type Templates = Pick<
  KubernetesSettings,
  | 'slugScheme'
  | 'podNameTemplate'
  | 'pvcNameTemplate'
  | 'dnsNameTemplate'
  | 'enableUserNamespaces'
  | 'userNamespaceTemplate'
  | 'namespace'
  | 'servicesEnabled'
>

/** Room for the slug of one name. */
const slugLength = 48
/** Of names of pods and claims, and of what becomes a label of a DNS name. */
const longestName = 253
const longestLabel = 63

/** `namespace`: where the hub's own objects are. */
export function namesOf(server: ServerRef, settings: Templates, namespace: string): Names {
  const own = nameFields(server, { scheme: settings.slugScheme, hubNamespace: namespace })
  const yet = (name: string) => ({ [name]: `${name}_unavailable!` })
  const outside = settings.namespace ?? namespace
  const early = { ...own, ...yet('pod_name'), ...yet('pvc_name'), namespace: outside }
  const home = settings.enableUserNamespaces ? filledIn(settings.userNamespaceTemplate, early) : outside
  const pod = fitted(
    filledIn(settings.podNameTemplate, { ...early, namespace: home }),
    settings.servicesEnabled ? longestLabel : longestName,
  )
  const named = { ...early, namespace: home, pod_name: pod }
  const claim = fitted(filledIn(settings.pvcNameTemplate, named), longestName)
  return {
    namespace: home,
    pod,
    claim,
    dns: filledIn(settings.dnsNameTemplate, { name: pod, namespace: home }),
    fields: { ...named, pvc_name: claim },
  }
}

/** What `{username}` and its like stand for. */
export function nameFields(
  { userId, userName, serverName }: ServerRef,
  { scheme, hubNamespace }: { scheme: 'safe' | 'escape'; hubNamespace: string },
): Fields {
  const safe = safeNames(userName, serverName)
  const escaped = {
    username: escapeSlug(userName),
    servername: escapeSlug(serverName),
    user_server: serverName ? `${escapeSlug(userName)}--${escapeSlug(serverName)}` : escapeSlug(userName),
  }
  return {
    userid: `${userId}`,
    unescaped_username: userName,
    unescaped_servername: serverName,
    hubnamespace: hubNamespace === 'default' ? 'user' : hubNamespace,
    ...(scheme === 'safe' ? safe : escaped),
    safe_username: safe.username,
    safe_servername: safe.servername,
    safe_user_server: safe.user_server,
    escaped_username: escaped.username,
    escaped_servername: escaped.servername,
    escaped_user_server: `${escaped.username}--${escaped.servername}`,
  }
}

function safeNames(userName: string, serverName: string) {
  const username = safeSlug(userName, { max: slugLength })
  const servername = serverName ? safeSlug(serverName, { max: slugLength }) : ''
  // The separator counts for the default server, too: names of 47 characters get a hash, as in KubeSpawner.
  const isLong = username.length + servername.length + 2 > slugLength
  const joined = servername ? `${username}--${servername}` : username
  return { username, servername, user_server: isLong ? multiSlug([userName, serverName], slugLength) : joined }
}

/**
 * Names under which older versions kept a server's volume, the newest first: z2jh 4 and KubeSpawner 7, KubeSpawner
 * 0.12–6, z2jh 0.10–3, KubeSpawner 0.11, KubeSpawner up to 0.10. For the default server they are two.
 */
export function historicalClaims({ userName, serverName }: ServerRef): readonly string[] {
  const user = escapeSlug(userName)
  const server = escapeSlug(serverName)
  const newest = `claim-${safeNames(userName, serverName).user_server}`
  if (serverName === '') return [newest, `claim-${user}`].map(trimmed)
  return [
    newest,
    `claim-${user}--${server}`,
    `claim-${user}${server}`,
    `claim-${user}-${server}`,
    `claim-${user}${escapeSlug(`-${serverName}`)}`,
  ].map(trimmed)
}

const trimmed = (name: string) => name.replace(/-+$/, '')
