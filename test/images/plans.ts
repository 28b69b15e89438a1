/** Plans of fixtures, with what the network would say taken from a record. */
import type { Facts, PlanOptions } from '../../src/images/buildpacks/contract.ts'
import { defaultBuildpack, detectBuildpack } from '../../src/images/buildpacks/registry.ts'
import type { Plan, Step } from '../../src/images/plan/model.ts'
import { openRepository } from '../../src/images/repository/tree.ts'

export const recorded: Facts = {
  juliaVersions: async () => ['0.7.0', '1.0.5', '1.3.0', '1.3.1', '1.6.7', '1.10.4', '1.12.1', '1.13.0-rc1'],
  cranSnapshot: async (date) => `https://packagemanager.posit.co/all/__linux__/$\{VERSION_CODENAME}/${date}`,
  today: () => '2026-08-20',
}

export const planOptions: PlanOptions = {
  base: 'docker.io/library/ubuntu:24.04',
  platform: 'linux/amd64',
  user: { name: 'jovyan', uid: 1000 },
  repoDir: '/home/jovyan',
  python: '3.10',
  node: 'always',
  labels: {},
  buildArgs: {},
  appendix: '',
}

export async function planOf(folder: string, options: Partial<PlanOptions> = {}): Promise<Plan> {
  const repository = openRepository(folder)
  const buildpack = detectBuildpack(repository, defaultBuildpack)!
  return buildpack.plan({ repository, options: { ...planOptions, ...options }, facts: recorded })
}

/** What a plan adds to that of an empty repository, in order, for people to read. */
export function described(plan: Plan, plain: Plan): string {
  if (plan.kind === 'dockerfile') return `${plan.buildpack}\n\n${plan.file}\n${JSON.stringify(plan.buildArgs)}\n`
  const usual = new Set(
    plain.kind === 'stages' ? plain.stages.flatMap(({ steps }) => steps.map((step) => JSON.stringify(step))) : [],
  )
  const stages = plan.stages.map(({ name, steps }) => {
    const lines = steps.map((step) => (usual.has(JSON.stringify(step)) ? `  (${title(step)})` : describeStep(step)))
    return `${name}\n${lines.join('\n')}\n`
  })
  return [plan.buildpack, '', ...plan.notes.map((note) => `Note: ${note}\n`), ...stages].join('\n')
}

const title = (step: Step) => ('title' in step ? step.title : step.do)

function describeStep(step: Step): string {
  switch (step.do) {
    case 'run':
      return `  ${step.title} [${step.as}]\n    ${step.command}`
    case 'copy':
      return `  ${step.title}\n${step.files.map((file) => `    ${source(file.from)} -> ${file.to}`).join('\n')}`
    case 'env':
      return Object.entries(step.values)
        .map(([name, value]) => `  ${name}=${value}`)
        .join('\n')
    default:
      return `  ${step.do} ${JSON.stringify(step).slice(0, 200)}`
  }
}

function source(from: Record<string, string>): string {
  return from.text === undefined ? (from.asset ?? from.repository ?? '') : JSON.stringify(from.text)
}
