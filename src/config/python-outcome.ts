/** What Python left in `c` goes the way of values that stand in the file; what went wrong is told at its line. */
import type { PythonAssignment, PythonProblem } from '#python'
import { assigned } from './assigned.ts'
import type { Findings } from './check/findings.ts'
import { holdsSecret, hookSource, placeIn, type Snippet } from './code.ts'
import type { Value } from './python/evaluate.ts'
import type { Asked } from './python-run.ts'
import type { MapNode, Place } from './yaml/tree.ts'

/** The pieces, and what Python said of them. */
export interface Told {
  readonly snippets: readonly Snippet[]
  readonly asked: Asked
}

export function withOutcome(root: MapNode, told: Told, findings: Findings): MapNode {
  const { assignments, problems } = told.asked.outcome
  for (const problem of problems) reportProblem(problem, told, findings)
  return assignments.reduce<MapNode>((tree, one) => {
    // Safe: what comes out of Python is plain data.
    const { className, trait, value } = one as PythonAssignment & { value: Value }
    const place = placeOf(one.place?.join(':') ?? '', told)?.place ?? root.place
    return assigned(tree, { className, trait, value }, place)
  }, root)
}

/** The paths of the pieces that can't run. */
export function failedIn(told: Told): ReadonlySet<string> {
  const errors = told.asked.outcome.problems.filter(({ severity }) => severity === 'error')
  const found = errors.map(({ stack, url }) => placeOf(stack, told) ?? placeOf(url, told))
  return new Set(found.flatMap((one) => (one ? [hookSource(one.snippet).path] : [])))
}

interface Found {
  readonly snippet: Snippet
  readonly place: Place
  /** Where the lines of the piece are not those of the file: its own. */
  readonly ownLine: number | null
}

function placeOf(stack: string, { snippets, asked }: Told): Found | null {
  const found = asked.placeInStack(stack, snippets.map(hookSource))
  const snippet = snippets.find((one) => hookSource(one).path === found?.source.path)
  if (!found || !snippet) return null
  const { node, code } = snippet
  const line = (found.line ?? 1) - 1
  const place = code === node.value ? placeIn(node, { line, column: 0 }) : node.place
  return { snippet, place, ownLine: place === node.place ? found.line : null }
}

const sentence = (text: string) => (/[.!?)]$/.test(text) ? text : `${text}.`)

function reportProblem(problem: PythonProblem, told: Told, findings: Findings): void {
  const { severity, message, hint, stack, url } = problem
  const found = placeOf(stack, told) ?? placeOf(url, told)
  const [first] = told.snippets
  const place = found?.place ?? first?.node.place
  if (!place) return
  const path = found?.snippet.path ?? ['hub', 'extraConfig']
  const line = found?.ownLine ? ` (in its line ${found.ownLine})` : ''
  const at = { place, path, masked: holdsSecret(place) }
  const facts = { name: found?.snippet.name ?? 'Python', what: sentence(`${message}${line}`), hint }
  findings.report(severity === 'error' ? 'PYTHON_FAILED' : 'PYTHON_UNHEARD', at, facts)
}
