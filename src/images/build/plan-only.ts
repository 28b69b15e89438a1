/** What a build would do, without an engine. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type KeyedStage, keyedStages } from '../plan/keys.ts'
import type { Plan } from '../plan/model.ts'
import { renderDockerfile } from '../plan/render.ts'
import { createHttp } from '../providers/http.ts'
import { fetchSource, makePlan, openWorkshop, pick } from './prepare.ts'
import type { BuildRequest } from './request.ts'

export interface PlanOnly {
  /** With the key of each stage, as far as it is known without the base image's digest. */
  readonly plan: Plan & { readonly stages?: readonly KeyedStage[] }
  readonly dockerfile: string
}

export async function planOnly(request: BuildRequest): Promise<PlanOnly> {
  await using workshop = await openWorkshop()
  const http = createHttp({ signal: request.signal, mostBytes: request.limits.repositoryBytes })
  const fetched = await fetchSource(request, await pick(request, http), workshop)
  const { plan } = await makePlan(request, fetched, http)
  if (plan.kind === 'dockerfile') return { plan, dockerfile: await readFile(join(fetched.folder, plan.file), 'utf8') }
  return { plan: { ...plan, stages: keyedStages(plan, null) }, dockerfile: renderDockerfile(plan) }
}
