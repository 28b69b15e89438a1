/** Loads the administrator's code once and says what is wrong with it; nothing of it is called. */
import { type HookName, hookNames } from './hook-names.ts'
import type { Exported } from './messages.ts'
import { scripts } from './program.ts'
import { type CodePlace, type HookCode, type HookSource, placeInStack, urlOf } from './source.ts'
import { Thread } from './thread.ts'

export interface HookProblem {
  readonly place: CodePlace
  /** A full sentence. */
  readonly message: string
  readonly hint: string | null
}

export interface CheckedHooks {
  readonly problems: readonly HookProblem[]
  /** What is exported by any of the pieces. */
  readonly names: readonly HookName[]
}

/** `ofPython`: the hooks that Python has. */
export async function checkHooks(
  { sources, timeoutSeconds }: HookCode,
  ofPython: readonly HookName[] = [],
): Promise<CheckedHooks> {
  if (sources.length === 0) return { problems: [], names: [] }
  const thread = new Thread(
    () => scripts(sources),
    () => {},
  )
  try {
    const { exported, broken, isStuck } = await thread.load(timeoutSeconds * 1000)
    const problems = broken.map(({ url, thrown }): HookProblem => {
      const place = placeInStack(thrown.stack, sources) ?? wholeOf(sourceAt(sources, url))
      return { place, message: `This can't be loaded: ${sentence(thrown.message)}`, hint: hintFor(thrown.message) }
    })
    if (isStuck) problems.push(stuck(sources, timeoutSeconds))
    return {
      problems: [
        ...problems,
        ...exported.flatMap((one) => unfitting(one, sources)),
        ...repeated(exported, sources),
        ...inBoth(exported, { sources, ofPython }),
      ],
      names: [...new Set(exported.flatMap(({ names }) => names.filter(isHook)))],
    }
  } finally {
    await thread.end()
  }
}

const isHook = (name: string): name is HookName => Object.hasOwn(hookNames, name)
const wholeOf = (source: HookSource): CodePlace => ({ source, line: 1, column: 1 })

function sourceAt(sources: readonly HookSource[], url: string): HookSource {
  // Safe: there is at least one piece, or nothing would have been loaded.
  return sources.find((source) => urlOf(source) === url) ?? (sources[0] as HookSource)
}

function sentence(message: string): string {
  const [first = ''] = message.split('\n')
  return /[.!?]$/.test(first) ? first : `${first}.`
}

function hintFor(message: string): string | null {
  if (/^Cannot find package/.test(message))
    return "Only Node's own modules (node:…) and your other files can be imported."
  return /strip-only mode/.test(message) ? 'Types are removed, not compiled: write it as plain JavaScript.' : null
}

function stuck(sources: readonly HookSource[], seconds: number): HookProblem {
  return {
    place: wholeOf(sources[0] as HookSource),
    message: `Loading this code did not end within ${seconds} s.`,
    hint: 'What takes long belongs into the hooks; hub.hookTimeout gives more time.',
  }
}

/** An export that nobody will call is a hook with another name. */
function unfitting({ url, names, unfit }: Exported, sources: readonly HookSource[]): readonly HookProblem[] {
  const source = sourceAt(sources, url)
  const known = Object.keys(hookNames).join(', ')
  const isLibrary = sources.some((other) => other !== source && imports(other, source))
  const strange = isLibrary ? [] : names.filter((name) => !isHook(name))
  const problems = [
    ...strange.map((name) => ({
      place: placeOf(name, source),
      message: `"${name}" is exported, but there is no such hook.`,
      hint: `These are called: ${known}.`,
    })),
    ...unfit.map((name) => ({
      place: placeOf(name, source),
      message: `"${name}" must be ${name === 'authenticator' ? 'an object with a function "authenticate"' : 'a function'}.`,
      hint: 'The types are in types/hooks.d.ts.',
    })),
  ]
  if (problems.length > 0 || names.length > 0 || isLibrary) return problems
  return [
    {
      place: wholeOf(source),
      message: 'This code exports nothing, so nothing of it is called.',
      hint: `Export a hook: ${known}.`,
    },
  ]
}

function imports(other: HookSource, source: HookSource): boolean {
  const file = source.path.split('/').at(-1) ?? ''
  return other.code.includes(`/${file}'`) || other.code.includes(`/${file}"`)
}

/** Of some hooks there can only be one. */
function repeated(exported: readonly Exported[], sources: readonly HookSource[]): readonly HookProblem[] {
  return Object.entries(hookNames).flatMap(([name, { isShared }]) => {
    const [first, ...others] = exported.filter(({ names }) => names.includes(name))
    if (isShared || !first) return []
    return others.map(({ url }) => ({
      place: placeOf(name, sourceAt(sources, url)),
      message: `"${name}" is exported by ${sourceAt(sources, first.url).name}, too; there can be only one.`,
      hint: null,
    }))
  })
}

function inBoth(
  exported: readonly Exported[],
  { sources, ofPython }: { sources: readonly HookSource[]; ofPython: readonly HookName[] },
): readonly HookProblem[] {
  const single = Object.entries(hookNames).filter(
    ([name, { isShared }]) => !isShared && ofPython.some((one) => one === name),
  )
  return single.flatMap(([name]) =>
    exported
      .filter(({ names }) => names.includes(name))
      .map(({ url }) => ({
        place: placeOf(name, sourceAt(sources, url)),
        message: `"${name}" is in Python, too; there can be only one.`,
        hint: null,
      })),
  )
}

/** The line that exports a name, as far as it is plain to see. */
function placeOf(name: string, source: HookSource): CodePlace {
  const lines = source.code.split('\n')
  const index = lines.findIndex(
    (line) => /^\s*export\b/.test(line) && new RegExp(`\\b${RegExp.escape(name)}\\b`).test(line),
  )
  if (index === -1) return wholeOf(source)
  return { source, line: index + 1, column: (lines[index]?.search(/\S/) ?? 0) + 1 }
}
