/** What repo2docker's command line asks for, with its own rules about what goes together. */
import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import type { BuildRequest } from '../../build/request.ts'
import { errors } from '../../errors.ts'
import type { BuildLog } from '../../log.ts'
import { isFolder } from '../../providers/local/index.ts'
import { isImageName } from '../../registry/reference.ts'
import { checkUser, parseBuildArgs, parsePairs, parseRepoDir } from '../build/parse.ts'
import { defaultBase, defaultPython, gibibyte, machinePlatform } from '../defaults.ts'
import type { Terminal } from '../terminal.ts'
import type { Given } from './flags.ts'
import { type Port, parsePort } from './ports.ts'
import type { Traits } from './traits.ts'

export interface Repo2docker {
  readonly request: BuildRequest
  readonly isDryRun: boolean
  readonly runs: boolean
  readonly command: readonly string[]
  readonly env: readonly string[]
  readonly volumes: readonly { readonly from: string; readonly to: string; readonly mode: 'rw' }[]
  readonly ports: readonly Port[]
  readonly publishesAll: boolean
}

export function readRequest(
  given: Given,
  traits: Traits,
  { log, terminal }: { log: BuildLog; terminal: Terminal },
): Repo2docker {
  const value = (flag: string, trait: string) =>
    given.values.get(flag)?.at(-1) ?? textOf(traits.get(`Repo2Docker.${trait}`))
  const isOn = (on: string, off: string | null, trait: string, byDefault: boolean) => {
    if (off !== null && given.values.has(off)) return false
    return given.values.has(on) || (boolOf(traits.get(`Repo2Docker.${trait}`)) ?? byDefault)
  }
  const source = given.repo!
  const isDryRun = given.values.has('no-build') || boolOf(traits.get('Repo2Docker.dry_run')) === true
  const pushes = !isDryRun && isOn('push', 'no-push', 'push', false)
  const runs = !isDryRun && isOn('run', 'no-run', 'run', true)
  const image = value('image-name', 'output_image_spec') || null
  if (image && !isImageName(image))
    throw errors.IMAGE_NAME_INVALID({
      name: image,
      why: 'names are lower case, with single dots, dashes or underscores inside',
    })
  const isEditable = given.values.has('editable')
  if (isEditable && !isFolder(source))
    throw usage('--editable', `needs a folder of this machine, and ${source} is none`)
  if (pushes && runs) throw usage('--push', 'and running the image together are not supported; add --no-run')
  const mappings = [...(given.values.get('volume') ?? []), ...mapOf(traits.get('Repo2Docker.volumes'))]
  return {
    request: {
      source,
      ref: value('ref', 'ref') || null,
      subdir: value('subdir', 'subdir') ?? '',
      image,
      base: textOf(traits.get('Repo2Docker.base_image')) ?? defaultBase,
      platform: platformOf(traits),
      user: readUser(value('user-name', 'user_name'), value('user-id', 'user_id'), isDryRun),
      repoDir: value('target-repo-dir', 'target_repo_dir')
        ? parseRepoDir(value('target-repo-dir', 'target_repo_dir')!)
        : null,
      python: textOf(traits.get('Repo2Docker.default_python')) ?? defaultPython,
      node: 'always',
      hasDefault: !(
        traits.has('Repo2Docker.default_buildpack') && traits.get('Repo2Docker.default_buildpack') === null
      ),
      labels: {
        ...recordOf(traits.get('Repo2Docker.labels')),
        ...parsePairs('--label', given.values.get('label') ?? []),
      },
      buildArgs: {
        ...recordOf(traits.get('Repo2Docker.extra_build_args')),
        ...parseBuildArgs(given.values.get('build-arg') ?? []),
      },
      appendix: value('appendix', 'appendix') ?? '',
      keepsGit: true,
      history: 'shallow',
      lfs: 'fetch',
      settings: {
        ...(terminal.env.R2D_DATAVERSE_INSTALLATIONS_URL && {
          dataverseInstallations: terminal.env.R2D_DATAVERSE_INSTALLATIONS_URL,
        }),
        ...(textOf(traits.get('Repo2Docker.swh_token')) && {
          softwareHeritageToken: textOf(traits.get('Repo2Docker.swh_token'))!,
        }),
      },
      limits: { repositoryBytes: 100 * gibibyte, memoryBytes: null, diskBytes: null, seconds: null },
      engine: value('engine', 'engine') || null,
      engineWords: listOf(traits.get('DockerEngine.extra_buildx_build_args')),
      cacheFrom: given.values.get('cache-from') ?? listOf(traits.get('Repo2Docker.cache_from')),
      pushes,
      cacheRepository: null,
      insecureRegistries: [],
      certificates: terminal.env.HIMALIA_CA_FILE ?? null,
      secrets: {},
      reuse: 'by-name',
      version: terminal.version,
      log,
      signal: terminal.signal,
    },
    isDryRun,
    runs,
    ...readRun(given, traits, { runs, env: terminal.env, source: isEditable ? source : null, mappings }),
  }
}

interface RunFacts {
  readonly runs: boolean
  readonly env: NodeJS.ProcessEnv
  /** The folder of `--editable`. */
  readonly source: string | null
  readonly mappings: readonly string[]
}

function readRun(given: Given, traits: Traits, { runs, env, source, mappings }: RunFacts) {
  const ports = (given.values.get('publish') ?? []).map(parsePort)
  const variables = given.values.get('env') ?? listOf(traits.get('Repo2Docker.environment'))
  const publishesAll = given.values.has('publish-all') || boolOf(traits.get('Repo2Docker.all_ports')) === true
  const command = given.command.length > 0 ? given.command : listOf(traits.get('Repo2Docker.run_cmd'))
  const needRun: [flag: string, isGiven: boolean][] = [
    ['--volume', mappings.length > 0],
    ['--publish', ports.length > 0],
    ['--publish-all', publishesAll],
    ['--env', variables.length > 0],
  ]
  for (const [flag, isGiven] of needRun)
    if (isGiven && !runs) throw usage(flag, 'has a meaning only when the image is run')
  if (ports.length > 1 && command.length === 0) throw usage('--publish', 'more than once needs a command to run')
  return {
    command,
    env: variables.flatMap((entry) => (entry.includes('=') ? [entry] : entry in env ? [`${entry}=${env[entry]}`] : [])),
    volumes: [
      ...mappings.map(parseVolume),
      ...(source === null ? [] : [{ from: resolve(source), to: '.', mode: 'rw' as const }]),
    ],
    ports,
    publishesAll,
  }
}

function parseVolume(text: string): { from: string; to: string; mode: 'rw' } {
  const parts = text.split(':')
  if (parts.length !== 2 || parts.includes('')) throw usage('--volume', `takes SRC:DEST, not "${text}"`)
  return { from: resolve(parts[0]!), to: parts[1]!, mode: 'rw' }
}

/** The caller's, as repo2docker has it; nobody's image runs as root. */
function readUser(name: string | undefined, id: string | undefined, isDryRun: boolean): BuildRequest['user'] {
  const uid = id === undefined ? (process.geteuid?.() ?? 1000) : Number(id)
  if (uid === 0 && !isDryRun)
    throw usage('--user-id', 'is 0, which is root; name another user, for example --user-id=1000 --user-name=jovyan')
  return checkUser({ name: name ?? (uid === 0 ? 'jovyan' : userInfo().username), uid: uid === 0 ? 1000 : uid })
}

function platformOf(traits: Traits): BuildRequest['platform'] {
  const platform = textOf(traits.get('Repo2Docker.platform')) ?? machinePlatform()
  if (platform !== 'linux/amd64' && platform !== 'linux/arm64')
    throw usage('Repo2Docker.platform', `is linux/amd64 or linux/arm64, not ${platform}`)
  return platform
}

/** Repo2docker ends with 1 for these, and with 2 for what argparse finds. */
export const usage = (flag: string, why: string) => errors.FLAG_UNSUPPORTED({ flag, why })

const textOf = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined)
const boolOf = (value: unknown) =>
  typeof value === 'boolean' ? value : value === 1 || value === 'true' ? true : undefined
const listOf = (value: unknown) =>
  Array.isArray(value) ? value.map(String) : typeof value === 'string' && value !== '' ? [value] : []

function recordOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {}
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]))
}

const mapOf = (value: unknown) => Object.entries(recordOf(value)).map(([from, to]) => `${from}:${to}`)

/** The file that `--config` names, or the one that is there by its usual name. */
export function configFile(given: Given): string | null {
  const named = given.values.get('config')?.at(-1)
  const candidates = named === undefined ? ['repo2docker_config.py', 'repo2docker_config.json'] : [named]
  return candidates.find((file) => existsSync(file)) ?? null
}
