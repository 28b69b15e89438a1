/** Asks Python what its code sets, which takes seconds: only where nothing else can tell. */
import { type HookName, type Python, placeInStack, runPython } from '#hooks'
import type { PythonOutcome } from '#python'
import { pythonOf } from './python-code.ts'
import type { MapNode } from './yaml/tree.ts'

export interface Asked {
  readonly outcome: PythonOutcome
  readonly python: Python | null
  readonly names: readonly HookName[]
  /** Handed on from here, so that what has no Python does not load the hooks. */
  readonly placeInStack: typeof placeInStack
}

export async function askPython(root: MapNode, timeoutSeconds: number): Promise<Asked> {
  const python = pythonOf(root)
  const said = python && (await runPython(python, timeoutSeconds))
  const outcome = typeof said === 'object' && said ? said : nothing(python, said, timeoutSeconds)
  // Safe: the world names hooks as this side does.
  return { outcome, python, names: outcome.hooks as readonly HookName[], placeInStack }
}

/** It could not be interrupted, or took Python itself with it, so no line of it is known. */
function nothing(python: Python | null, why: string | null, seconds: number): PythonOutcome {
  const [first] = python?.code.sources ?? []
  const message = why === null ? `Its code did not end within ${seconds} s.` : `Python itself ended: ${lastLine(why)}`
  const hint =
    why === null
      ? 'Look for what it does without end; hub.hookTimeout gives it more time.'
      : 'Look for endless recursion.'
  const problem = { severity: 'error', url: first?.url ?? '', message, hint, stack: '' } as const
  return { assignments: [], hooks: [], problems: [problem], authenticator: null }
}

const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? ''
