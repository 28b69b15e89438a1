/** What Python left in `c` goes the way of values that stand in the file; what went wrong is told at its line. */
import { placeInStack } from '#hooks'
import type { PythonAssignment, PythonOutcome, PythonProblem } from '#python'
import { assigned } from './assigned.ts'
import type { Findings } from './check/findings.ts'
import { holdsSecret, hookSource, placeIn, type Snippet } from './code.ts'
import type { Value } from './python/evaluate.ts'
import type { MapNode, Place } from './yaml/tree.ts'

export function withOutcome(
  root: MapNode,
  snippets: readonly Snippet[],
  { outcome, findings }: { outcome: PythonOutcome; findings: Findings },
): MapNode {
  for (const problem of outcome.problems) reportProblem(problem, snippets, findings)
  return outcome.assignments.reduce<MapNode>((tree, one) => {
    // Safe: what comes out of Python is plain data.
    const { className, trait, value } = one as PythonAssignment & { value: Value }
    return assigned(
      tree,
      { className, trait, value },
      placeOf(one.place?.join(':') ?? '', snippets)?.place ?? root.place,
    )
  }, root)
}

/** The paths of the pieces that can't run. */
export function failedIn({ problems }: PythonOutcome, snippets: readonly Snippet[]): ReadonlySet<string> {
  const errors = problems.filter(({ severity }) => severity === 'error')
  const found = errors.map(({ stack, url }) => placeOf(stack, snippets) ?? placeOf(url, snippets))
  return new Set(found.flatMap((one) => (one ? [hookSource(one.snippet).path] : [])))
}

interface Found {
  readonly snippet: Snippet
  readonly place: Place
  /** Where the lines of the piece are not those of the file: its own. */
  readonly ownLine: number | null
}

function placeOf(stack: string, snippets: readonly Snippet[]): Found | null {
  const found = placeInStack(stack, snippets.map(hookSource))
  const snippet = snippets.find((one) => hookSource(one).path === found?.source.path)
  if (!found || !snippet) return null
  const { node, code } = snippet
  const line = (found.line ?? 1) - 1
  const place = code === node.value ? placeIn(node, { line, column: 0 }) : node.place
  return { snippet, place, ownLine: place === node.place ? found.line : null }
}

const sentence = (text: string) => (/[.!?)]$/.test(text) ? text : `${text}.`)

function reportProblem(problem: PythonProblem, snippets: readonly Snippet[], findings: Findings): void {
  const { severity, message, hint, stack, url } = problem
  const found = placeOf(stack, snippets) ?? placeOf(url, snippets)
  const [first] = snippets
  const place = found?.place ?? first?.node.place
  if (!place) return
  const path = found?.snippet.path ?? ['hub', 'extraConfig']
  const line = found?.ownLine ? ` (in its line ${found.ownLine})` : ''
  const at = { place, path, masked: holdsSecret(place) }
  const facts = { name: found?.snippet.name ?? 'Python', what: sentence(`${message}${line}`), hint }
  findings.report(severity === 'error' ? 'PYTHON_FAILED' : 'PYTHON_UNHEARD', at, facts)
}
