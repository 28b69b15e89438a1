/** Carries a staged plan out: only stages whose content is new are built. */
import type { Engine } from '../engines/contract.ts'
import { isAppendable, type KeyedStage } from '../plan/keys.ts'
import type { StagedPlan } from '../plan/model.ts'
import { renderDockerfile } from '../plan/render.ts'
import type { BuildRequest } from './request.ts'
import type { StageStore } from './stage-store.ts'

export interface StagedBuild {
  readonly request: BuildRequest
  readonly plan: StagedPlan
  readonly stages: readonly KeyedStage[]
  readonly engine: Engine
  readonly store: StageStore
  readonly context: string
  readonly image: string
  readonly labels: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** Builds the image by the engine; the stages below the last one stay, each under its key. */
export async function buildStages(build: StagedBuild): Promise<void> {
  const { engine, stages, signal } = build
  if (!(await engine.buildsInStages(signal))) return buildAtOnce(build)
  const last = stages.at(-1)!
  const parent = await buildBelow(build)
  await buildOne(build, last, { from: parent, tag: build.image })
}

/** All stages but the last; the name of the image that the last one stands on. */
export async function buildBelow(build: StagedBuild): Promise<string> {
  const below = build.stages.slice(0, -1)
  const [start, from] = await build.store.deepest(below, build.plan.base)
  let parent = from
  for (const stage of below.slice(start)) {
    const tag = build.store.localName(stage)
    await buildOne(build, stage, { from: parent, tag })
    parent = tag
  }
  return parent
}

async function buildOne(
  build: StagedBuild,
  stage: KeyedStage,
  { from, tag }: { from: string; tag: string },
): Promise<void> {
  const { request, plan, engine } = build
  const isLast = stage === build.stages.at(-1)
  request.log(`Building the stage "${stage.name}" (${stage.key.slice(0, 12)}).\n`, 'building')
  const options = {
    from,
    stages: [stage],
    args: argNames(request),
    hasCertificates: request.certificates !== null,
    isLast: false,
  }
  await engine.build({
    ...order(build),
    tag,
    dockerfile: renderDockerfile(plan, options),
    labels: isLast ? build.labels : {},
  })
}

async function buildAtOnce(build: StagedBuild): Promise<void> {
  const { request, plan, engine } = build
  const options = { args: argNames(request), hasCertificates: request.certificates !== null, isLast: false }
  await engine.build({
    ...order(build),
    tag: build.image,
    dockerfile: renderDockerfile(plan, options),
    labels: build.labels,
  })
}

function order({ request, context, signal }: StagedBuild) {
  return {
    context,
    buildArgs: { ...request.buildArgs, ...mirrors() },
    platform: request.platform,
    cacheFrom: request.cacheFrom,
    secrets: { ...request.secrets, ...(request.certificates && { 'himalia-ca': request.certificates }) },
    memoryBytes: request.limits.memoryBytes,
    words: request.engineWords,
    log: request.log,
    signal,
  }
}

/** Settings of the network that a build inside of it needs as well; they stay in no image and in no key. */
const mirrorNames = ['UV_DEFAULT_INDEX', 'PIP_INDEX_URL', 'NPM_CONFIG_REGISTRY']

export function mirrors(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const index = env.UV_DEFAULT_INDEX ?? env.PIP_INDEX_URL
  const given: NodeJS.ProcessEnv = { ...env, ...(index && { UV_DEFAULT_INDEX: index }) }
  return Object.fromEntries(mirrorNames.flatMap((name) => (given[name] ? [[name, given[name]]] : [])))
}

function argNames({ buildArgs }: BuildRequest): string[] {
  return [...Object.keys(buildArgs), ...Object.keys(mirrors())]
}

/** What the last layer is made of, where it is only files. */
export function appendedEnv(stage: KeyedStage): Record<string, string> | null {
  if (!isAppendable(stage)) return null
  return Object.assign({}, ...stage.steps.map((step) => (step.do === 'env' ? step.values : {})))
}
