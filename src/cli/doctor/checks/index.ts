/** The checks, in the order in which their findings are told: what is the cause of others comes first. */
import type { Finding } from '../finding.ts'
import type { Sight } from '../sight.ts'
import { certificates } from './certificates.ts'
import { deployments } from './deployments.ts'
import { helm } from './helm.ts'
import { dns, policies } from './network.ts'
import { pods, servers } from './pods.ts'
import { routes } from './routes.ts'
import { services } from './services.ts'
import { storage } from './storage.ts'
import { values } from './values.ts'

const checks: readonly ((sight: Sight) => readonly Finding[])[] = [
  helm,
  storage,
  dns,
  deployments,
  pods,
  values,
  services,
  certificates,
  policies,
  routes,
  servers,
]

const order = { error: 0, warning: 1, note: 2 }

export function examine(sight: Sight): readonly Finding[] {
  return checks.flatMap((check) => check(sight)).toSorted((a, b) => order[a.level] - order[b.level])
}
