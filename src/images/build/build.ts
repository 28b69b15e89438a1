/** From an address to an image: the whole story, each step in a file of its own. */
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from '../engines/contract.ts'
import { pickEngine } from '../engines/registry.ts'
import { keyedStages } from '../plan/keys.ts'
import type { DockerfilePlan, StagedPlan } from '../plan/model.ts'
import { createHttp } from '../providers/http.ts'
import { credentialFolder } from '../registry/credentials.ts'
import { parseReference } from '../registry/reference.ts'
import { layOut } from '../repository/lay-out.ts'
import { appendInRegistry } from './append.ts'
import { baseIdentity } from './base.ts'
import { fillContext, placeTool, usesUv } from './context.ts'
import { keyLabel } from './labels.ts'
import { watchLimits } from './limits.ts'
import { generatedName } from './names.ts'
import { networkFiles } from './network.ts'
import { type Fetched, fetchSource, makePlan, openWorkshop, type Planned, pick, repoDirOf } from './prepare.ts'
import type { BuildRequest, BuildResult } from './request.ts'
import { createStageStore, isInsecure } from './stage-store.ts'
import { buildBelow, buildStages, type StagedBuild } from './stages.ts'
import { fetchUv } from './tools.ts'
import { treeDigest } from './tree-digest.ts'

export async function buildImage(given: BuildRequest): Promise<BuildResult> {
  await using workshop = await openWorkshop()
  using watch = watchLimits(given.limits, workshop.folder, given.signal)
  const request = { ...given, signal: watch.signal }
  const engine = await pickEngine(request.engine, request.signal)
  const http = createHttp({ signal: request.signal, mostBytes: request.limits.repositoryBytes })
  const picked = await pick(request, http)
  const known = picked.identity && (await reused(request, engine, nameOf(request, picked.identity)))
  if (known) return known
  const fetched = await fetchSource(request, picked, workshop)
  const image = nameOf(request, fetched.contentId ?? unknownContent(request))
  const there = await reused(request, engine, image)
  if (there) return there
  const planned = await makePlan(request, fetched, http)
  const site: Site = { request, engine, image, workshop: workshop.folder, fetched, planned }
  const outcome =
    planned.plan.kind === 'dockerfile'
      ? await buildDockerfile(site, planned.plan)
      : await buildStaged(site, planned.plan, http)
  return { image, outcome, buildpack: planned.plan.buildpack, repoDir: repoDirOf(request) }
}

interface Site {
  readonly request: BuildRequest
  readonly engine: Engine
  readonly image: string
  readonly workshop: string
  readonly fetched: Fetched
  readonly planned: Planned
}

function nameOf({ image, source, subdir }: BuildRequest, contentId: string): string {
  const name = image ?? generatedName({ source, subdir, contentId })
  parseReference(name)
  return name
}

/** repo2docker takes the time, so that a folder is always built; we look at the content. */
const unknownContent = ({ reuse }: BuildRequest) => (reuse === 'by-name' ? String(Math.floor(Date.now() / 1000)) : '')

async function reused(request: BuildRequest, engine: Engine, image: string): Promise<BuildResult | null> {
  if (request.reuse !== 'by-name' || request.pushes || !(await engine.inspect(image, request.signal))) return null
  request.log(`Reusing existing image (${image}), not building.\n`)
  return { image, outcome: 'reused', buildpack: null, repoDir: repoDirOf(request) }
}

async function buildDockerfile({ request, engine, image, fetched }: Site, plan: DockerfilePlan): Promise<'built'> {
  await engine.build({
    context: fetched.folder,
    dockerfile: await readFile(join(fetched.folder, plan.file), 'utf8'),
    tag: image,
    labels: plan.labels,
    buildArgs: plan.buildArgs,
    platform: plan.platform,
    cacheFrom: request.cacheFrom,
    secrets: request.secrets,
    memoryBytes: request.limits.memoryBytes,
    words: request.engineWords,
    log: request.log,
    signal: request.signal,
  })
  if (request.pushes) await push(request, engine, [image])
  return 'built'
}

async function buildStaged(
  site: Site,
  plan: StagedPlan,
  http: ReturnType<typeof createHttp>,
): Promise<BuildResult['outcome']> {
  const { request, engine, image, workshop, fetched, planned } = site
  const context = join(workshop, 'context')
  await fillContext(context, plan, planned.repository)
  await rm(join(context, 'src'), { recursive: true })
  const scripts = ['postBuild', 'start'].flatMap((name) => planned.repository.config(name) ?? [])
  await layOut(planned.repository, {
    from: fetched.folder,
    to: join(context, 'src'),
    isOurs: fetched.isOurs,
    keepsGit: request.keepsGit,
    scripts,
  })
  const stages = keyedStages(plan, await baseIdentity(request, engine))
  const key = `${stages.at(-1)!.key}-${(await treeDigest(join(context, 'src'))).slice(0, 32)}`
  if (await isThere(site, key)) return 'reused'
  const store = createStageStore(request, engine, image)
  const labels = { ...plan.labels, [keyLabel]: key }
  const network = await networkFiles(workshop, request.certificates)
  const build: StagedBuild = {
    network,
    request,
    plan,
    stages,
    engine,
    store,
    context,
    image,
    labels,
    signal: request.signal,
  }
  if (await appendInRegistry(build)) return 'appended'
  if (usesUv(stages))
    await placeTool(
      context,
      'uv',
      await fetchUv({ http, platform: plan.platform, log: (text) => request.log(text, 'building') }),
    )
  if (!request.pushes) {
    await buildStages(build)
    return 'built'
  }
  const parent = await buildBelow(build)
  const below = stages.at(-2)
  const remote = below && store.remoteName(below)
  if (below && remote && parent === store.localName(below)) {
    await engine.tag(parent, remote, request.signal)
    await push(request, engine, [remote])
  }
  if (await appendInRegistry(build)) return 'appended'
  await buildStages(build)
  await push(request, engine, [image])
  return 'built'
}

/** An image whose key is this one is the same, whoever has built it. */
async function isThere({ request, engine, image }: Site, key: string): Promise<boolean> {
  if (request.reuse !== 'by-content' || request.pushes) return false
  if ((await engine.inspect(image, request.signal))?.labels[keyLabel] !== key) return false
  request.log(`${image} is there already, with just this content.\n`, 'building')
  return true
}

async function push(request: BuildRequest, engine: Engine, images: readonly string[]): Promise<void> {
  const credentials = credentialFolder()
  try {
    for (const image of images) {
      request.log(`Pushing ${image}.\n`, 'pushing')
      const { registry } = parseReference(image)
      await engine.push(image, {
        log: request.log,
        signal: request.signal,
        credentials,
        isInsecure: isInsecure(registry, request),
      })
    }
  } finally {
    if (credentials) await rm(credentials, { recursive: true, force: true })
  }
}
