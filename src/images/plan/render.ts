/**
 * A plan as a Dockerfile, in the dialect that BuildKit, Buildah 1.28 and Podman 4 share: no heredocs, no `--link`, no
 * `# syntax` line (it would make BuildKit pull a front end).
 */
import type { CopiedFile, ImageConfig, Stage, StagedPlan, Step, Use, Who } from './model.ts'

export interface RenderOptions {
  /** The image to stand on; by default the plan's base. */
  readonly from?: string
  readonly stages?: readonly Stage[]
  /** Names that the engine gives values to (`--build-arg`). */
  readonly args?: readonly string[]
  /** Whether commands find the settings of the network, as the secrets `himalia-network` and `himalia-ca`. */
  readonly hasNetwork?: boolean
  readonly isLast?: boolean
}

/** Where commands find what they need in a network with mirrors and certificates of its own; no layer keeps it. */
export const networkSecrets = {
  'himalia-network': '/run/secrets/himalia-network',
  'himalia-ca': '/run/secrets/himalia-ca.pem',
}

/** Where a file of a copy step lies in the build's context. */
export function contextPath(file: CopiedFile): string {
  return 'repository' in file.from ? `files/${file.sha256.slice(0, 16)}` : `assets/${file.sha256.slice(0, 16)}`
}

export function renderDockerfile(plan: StagedPlan, options: RenderOptions = {}): string {
  const stages = options.stages ?? plan.stages
  const lines = [`FROM ${options.from ?? plan.base}`, ...(options.args ?? []).map((name) => `ARG ${name}`)]
  let current: Who | null = null
  const become = (who: Who) => {
    if (current !== who) lines.push(`USER ${who === 'root' ? 'root' : plan.user.uid}`)
    current = who
  }
  for (const stage of stages) {
    lines.push('', `# ${stage.name}`)
    for (const step of stage.steps) {
      if (step.do === 'run') become(step.as)
      if (step.do === 'folder') become('root')
      lines.push(...renderStep(step, plan, options))
      if (step.do === 'image') current = null
    }
  }
  if (options.isLast ?? true) lines.push(...renderLabels(plan.labels))
  return `${lines.join('\n')}\n`
}

function renderStep(step: Step, plan: StagedPlan, options: RenderOptions): string[] {
  switch (step.do) {
    case 'env':
      return Object.entries(step.values).map(([name, value]) => `ENV ${name}=${quoted(value)}`)
    case 'run':
      return [
        `# ${step.title}`,
        `RUN ${[...mounts(step.uses ?? [], plan, options), options.hasNetwork ? `. ${networkSecrets['himalia-network']} && ${step.command}` : step.command].join(' ')}`,
      ]
    case 'copy':
      return [`# ${step.title}`, ...step.files.map((file) => copyLine(file, plan))]
    case 'repository':
      return [`COPY --chown=${owner('user', plan)} src/ ${plan.repoDir}/`]
    case 'folder':
      return [`RUN mkdir -p ${step.path} && chown ${owner('user', plan)} ${step.path}`]
    case 'image':
      return imageLines(step.config)
    case 'lines':
      return step.text.replace(/\n+$/, '').split('\n')
  }
}

function mounts(uses: readonly Use[], plan: StagedPlan, options: RenderOptions): string[] {
  const ids = (who: Who) => (who === 'root' ? '' : `,uid=${plan.user.uid},gid=${plan.user.uid}`)
  const shared = uses.map((use) =>
    'cache' in use
      ? `--mount=type=cache,id=himalia-${use.cache}-${use.owner === 'root' ? 0 : plan.user.uid},target=${use.at}${ids(use.owner)}`
      : `--mount=type=bind,source=tools/${use.tool},target=${use.at}`,
  )
  if (!options.hasNetwork) return shared
  return [
    ...shared,
    ...Object.entries(networkSecrets).map(([id, at]) => `--mount=type=secret,id=${id},target=${at},mode=0444`),
  ]
}

const owner = (who: Who, plan: StagedPlan) => (who === 'root' ? '0:0' : `${plan.user.uid}:${plan.user.uid}`)

function copyLine(file: CopiedFile, plan: StagedPlan): string {
  return `COPY --chown=${owner(file.owner, plan)} --chmod=${file.mode} ${contextPath(file)} ${file.to}`
}

function imageLines(config: ImageConfig): string[] {
  return [
    ...(config.ports ?? []).map((port) => `EXPOSE ${port}`),
    ...(config.workdir ? [`WORKDIR ${config.workdir}`] : []),
    ...(config.entrypoint ? [`ENTRYPOINT ${JSON.stringify(config.entrypoint)}`] : []),
    ...(config.command ? [`CMD ${JSON.stringify(config.command)}`] : []),
    ...(config.user ? [`USER ${config.user}`] : []),
  ]
}

function renderLabels(labels: Readonly<Record<string, string>>): string[] {
  const names = Object.keys(labels).sort()
  return names.map((name) => `LABEL ${literal(name)}=${literal(labels[name] ?? '')}`)
}

/** `${NAME}` stays a reference; everything else that the parser would read is escaped. */
const quoted = (value: string) => `"${value.replace(/["\\]/g, '\\$&')}"`
const literal = (value: string) => `"${value.replace(/["\\$]/g, '\\$&')}"`
