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
  /** Files of secrets for commands, by their ids; null where nothing is special. */
  readonly network: Readonly<Record<string, string>> | null
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
    hasNetwork: build.network !== null,
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
  const options = { args: argNames(request), hasNetwork: build.network !== null, isLast: false }
  await engine.build({
    ...order(build),
    tag: build.image,
    dockerfile: renderDockerfile(plan, options),
    labels: build.labels,
  })
}

function order({ request, context, network, signal }: StagedBuild) {
  return {
    context,
    buildArgs: request.buildArgs,
    platform: request.platform,
    cacheFrom: request.cacheFrom,
    secrets: { ...request.secrets, ...network },
    memoryBytes: request.limits.memoryBytes,
    words: request.engineWords,
    log: request.log,
    signal,
  }
}

const argNames = ({ buildArgs }: BuildRequest) => Object.keys(buildArgs)

/** What the last layer is made of, where it is only files. */
export function appendedEnv(stage: KeyedStage): Record<string, string> | null {
  if (!isAppendable(stage)) return null
  return Object.assign({}, ...stage.steps.map((step) => (step.do === 'env' ? step.values : {})))
}
