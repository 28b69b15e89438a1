/** The check of code of one's own, which has to be loaded for it. */
import { checkHooks, type HookProblem } from '#hooks'
import { holdsSecret, placeIn, type Snippet, snippetsOf } from './code.ts'
import { excerptOf } from './excerpt.ts'
import type { Problem } from './problem.ts'
import type { HookSettings, Settings } from './settings.ts'
import { type MapNode, positionOf } from './yaml/tree.ts'

/** `root` is what the settings were made of. */
export async function checkedHooks(
  settings: Settings,
  root: MapNode | null,
): Promise<{ hooks: HookSettings; problems: readonly Problem[] }> {
  const { problems, names: exported } = await checkHooks(settings.hooks, settings.hooks.names)
  const names = [...new Set([...exported, ...settings.hooks.names])]
  const snippets = root ? snippetsOf(root) : []
  const found = problems.map((problem) => asProblem(problem, snippets))
  const hooks = { ...settings.hooks, names }
  if (settings.authenticator.classes.includes('custom') && !names.includes('authenticator') && found.length === 0)
    return { hooks, problems: [noAuthenticator()] }
  return { hooks, problems: found }
}

function asProblem({ place, message, hint }: HookProblem, snippets: readonly Snippet[]): Problem {
  const { source, line, column } = place
  const snippet = snippets.find(({ path }) => path.slice(0, 3).join('.') === source.name)
  const at = snippet && placeIn(snippet.node, { line: (line ?? 1) - 1, column: (column ?? 1) - 1 })
  const isOfFile = source.at !== null && at
  return {
    severity: 'error',
    code: 'HOOK_UNUSABLE',
    file: at?.source.name ?? '',
    ...(at ? positionOf(at.source, at.start) : { line: 0, column: 0 }),
    path: snippet?.path.join('.') ?? source.name,
    message: isOfFile ? message : `${message} (${source.name}, line ${line ?? 1})`,
    hint,
    excerpt: isOfFile ? excerptOf({ ...at, end: at.start + 1 }, { masked: holdsSecret(at) }) : null,
  }
}

function noAuthenticator(): Problem {
  return {
    severity: 'error',
    code: 'HOOK_UNUSABLE',
    file: '',
    line: 0,
    column: 0,
    path: 'hub.config.JupyterHub.authenticator_class',
    message: 'authenticator_class is custom, but no code exports an authenticator.',
    hint: 'docs/hooks.md shows one.',
    excerpt: null,
  }
}
