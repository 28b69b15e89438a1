/** The folder that a build's Dockerfile copies from. */
import { copyFile, link, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { readAsset } from '../buildpacks/parts/assets.ts'
import type { CopiedFile, Stage, StagedPlan } from '../plan/model.ts'
import { contextPath } from '../plan/render.ts'
import type { Repository } from '../repository/tree.ts'

/** Files of steps, and the tools that they use; the repository itself is laid out apart. */
export async function fillContext(folder: string, plan: StagedPlan, repository: Repository): Promise<void> {
  for (const file of copiedFiles(plan.stages)) {
    const place = join(folder, contextPath(file))
    await mkdir(dirname(place), { recursive: true })
    await writeFile(place, contentOf(file, repository))
  }
  // Buildah wants a context to hold something.
  await mkdir(join(folder, 'src'), { recursive: true })
  await writeFile(join(folder, '.dockerignore'), '')
}

export function usesUv(stages: readonly Stage[]): boolean {
  return stages.some(({ steps }) => steps.some((step) => step.do === 'run' && step.uses?.some((use) => 'tool' in use)))
}

export async function placeTool(folder: string, name: string, file: string): Promise<void> {
  const place = join(folder, 'tools', name)
  await mkdir(dirname(place), { recursive: true })
  await link(file, place).catch(() => copyFile(file, place))
}

function copiedFiles(stages: readonly Stage[]): CopiedFile[] {
  return stages.flatMap(({ steps }) => steps.flatMap((step) => (step.do === 'copy' ? step.files : [])))
}

function contentOf({ from }: CopiedFile, repository: Repository): string | Uint8Array {
  if ('text' in from) return from.text
  return 'asset' in from ? readAsset(from.asset) : repository.bytes(from.repository)
}
