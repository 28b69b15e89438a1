/** From an address to a plan: fetch, look, detect, plan. */
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { PlanOptions } from '../buildpacks/contract.ts'
import { networkFacts } from '../buildpacks/facts.ts'
import { defaultBuildpack, detectBuildpack } from '../buildpacks/registry.ts'
import { errors } from '../errors.ts'
import type { Plan } from '../plan/model.ts'
import type { Http } from '../providers/contract.ts'
import { isFolder } from '../providers/local/index.ts'
import { type Picked, pickProvider } from '../providers/registry.ts'
import { inspectTree } from '../repository/inspect.ts'
import { openRepository, type Repository } from '../repository/tree.ts'
import type { BuildRequest } from './request.ts'

export interface Workshop extends AsyncDisposable {
  readonly folder: string
}

/** A folder for one build, gone afterwards. */
export async function openWorkshop(): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'himalia-build-'))
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

export interface Fetched {
  readonly contentId: string | null
  /** Of the (sub)directory that is built. */
  readonly folder: string
  readonly isOurs: boolean
}

export async function pick(request: BuildRequest, http: Http): Promise<Picked> {
  const { source, ref, log, signal, lfs, history, settings, limits } = request
  const context = { ref, log, signal, http, mostBytes: limits.repositoryBytes, lfs, history, settings }
  const picked = await pickProvider(source, context)
  log(`Picked ${picked.provider} content provider.\n`)
  return picked
}

export async function fetchSource(request: BuildRequest, picked: Picked, workshop: Workshop): Promise<Fetched> {
  const isOurs = !isFolder(request.source)
  const top = isOurs ? join(workshop.folder, 'checkout') : resolve(request.source)
  if (isOurs) await mkdir(top)
  request.log(isOurs ? `Fetching ${request.source}.\n` : `Using the folder ${request.source}.\n`, 'fetching')
  const { contentId } = await picked.fetch(top)
  const folder = await subFolder(top, request.subdir)
  await inspectTree(folder)
  return { contentId, folder, isOurs }
}

async function subFolder(top: string, subdir: string): Promise<string> {
  const folder = resolve(top, subdir)
  const isInside = folder === top || folder.startsWith(`${top}/`)
  const isThere = isInside && (await stat(folder).catch(() => null))?.isDirectory()
  if (!isThere) throw errors.REPOSITORY_SUBDIR_MISSING({ subdir })
  return folder
}

export interface Planned {
  readonly plan: Plan
  readonly repository: Repository
}

export async function makePlan(request: BuildRequest, { folder }: Fetched, http: Http): Promise<Planned> {
  const repository = openRepository(folder)
  const buildpack = detectBuildpack(repository, request.hasDefault ? defaultBuildpack : null)
  if (!buildpack) throw errors.NO_ENVIRONMENT(undefined)
  request.log(`Using ${buildpack.name} builder\n`, 'building')
  const plan = await buildpack.plan({ repository, options: planOptions(request), facts: networkFacts(http, Date.now) })
  for (const note of plan.notes) request.log(`Note: ${note}\n`, 'building')
  return { plan, repository }
}

function planOptions(request: BuildRequest): PlanOptions {
  const { base, platform, user, python, node, labels, buildArgs, appendix } = request
  return {
    base,
    platform,
    user,
    python,
    node,
    labels: withOurs(request, labels),
    buildArgs,
    appendix,
    repoDir: repoDirOf(request),
  }
}

export function repoDirOf({ repoDir, user }: BuildRequest): string {
  return repoDir ?? `/home/${user.name}`
}

/** The three labels by which repo2docker's images are known. */
function withOurs(
  { source, ref, version }: BuildRequest,
  labels: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    'repo2docker.version': `himalia-${version}`,
    'repo2docker.repo': isFolder(source) ? 'local' : source,
    'repo2docker.ref': ref ?? 'None',
    ...labels,
  }
}
