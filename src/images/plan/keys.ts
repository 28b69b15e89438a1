import { createHash } from 'node:crypto'
import type { Stage, StagedPlan, StageName } from './model.ts'

export interface KeyedStage extends Stage {
  /** 32 hex digits over the base image, the platform, and all steps and files up to this one. */
  readonly key: string
}

/** `baseDigest` is what the base's name stands for today, where the engine or a registry knows it. */
export function keyedStages(plan: StagedPlan, baseDigest: string | null): KeyedStage[] {
  let parent = JSON.stringify([plan.planner, plan.base, baseDigest, plan.platform, plan.buildArgs])
  return plan.stages.map((stage) => {
    parent = createHash('sha256')
      .update(`${parent}\n${JSON.stringify(stage)}`)
      .digest('hex')
      .slice(0, 32)
    return { ...stage, key: parent }
  })
}

/** Whether the stage only lays the repository's files on top: then one layer is appended, and nothing runs. */
export function isAppendable(stage: Stage): boolean {
  return stage.name === 'repository' && stage.steps.every((step) => appendable.has(step.do))
}

const appendable = new Set(['env', 'repository', 'image'])

export function stageOf(plan: StagedPlan, name: StageName): Stage | undefined {
  return plan.stages.find((stage) => stage.name === name)
}

export const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex')
