import { Findings } from '../check/findings.ts'
import { checkKind } from '../check/kind.ts'
import type { Profile } from '../profiles.ts'
import { entryAt, isSection } from '../schema/index.ts'
import { type MapNode, makeSource, treeOf } from '../yaml/tree.ts'
import { profiles } from './profiles.ts'

/** Profiles from data in the form of singleuser.profileList; `problem` is a sentence when it is not in that form. */
export function profilesOf(data: readonly unknown[]): { profiles: readonly Profile[]; problem: string | null } {
  const place = { source: makeSource('profileList', ''), start: 0, end: 0 }
  const findings = new Findings('cluster')
  const root = treeOf({ singleuser: { profileList: data } }, place) as MapNode
  const key = entryAt(['singleuser', 'profileList'])
  if (key && !isSection(key)) checkKind(key.kind, treeOf(data, place), { path: ['profileList'], findings })
  const read = profiles(root, findings)
  const wrong = findings.problems.find(({ severity }) => severity === 'error')
  return { profiles: wrong ? [] : read, problem: wrong?.message ?? null }
}
