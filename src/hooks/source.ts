import type { PythonCode } from '#python'

/** One piece of code of the administrator, and where it stands. */
export interface HookSource {
  /** How messages call it, e.g. `hub.extraConfig.10-mine`. */
  readonly name: string
  readonly code: string
  /** Imports between pieces are relative to it, e.g. `extraConfig/10-mine`. Unique. */
  readonly path: string
  /** The file in which it stands, and the line (from 1) and column (from 0) where it begins there; null: nobody's file. */
  readonly at: { readonly file: string; readonly line: number; readonly column: number } | null
}

/** All of it, and how long each call may take. */
export interface HookCode {
  readonly sources: readonly HookSource[]
  /** Python, all pieces of which share one world; null: there is none that has to be run. */
  readonly python?: Python | null
  readonly timeoutSeconds: number
}

export interface Python {
  readonly sources: readonly HookSource[]
  readonly code: PythonCode
}

/** A place in a piece of code; lines and columns from 1, null where none is known. */
export interface CodePlace {
  readonly source: HookSource
  readonly line: number | null
  readonly column: number | null
}

const scheme = 'hook:///'

export const urlOf = ({ path }: Pick<HookSource, 'path'>) => new URL(encodeURI(path), scheme).href

/** The innermost place of a stack that is in the administrator's code; null when it is nowhere in it. */
export function placeInStack(stack: string, sources: readonly HookSource[]): CodePlace | null {
  for (const [, url = '', line, column] of stack.matchAll(/(hook:\/\/\/[^\s:)]+)(?::(\d+))?(?::(\d+))?/g)) {
    const source = sources.find((one) => urlOf(one) === url)
    if (!source) continue
    const caret = column ?? caretIn(stack, line)
    return { source, line: line ? Number(line) : null, column: caret ? Number(caret) : null }
  }
  return null
}

/** Where V8 points at below the line that it shows. */
function caretIn(stack: string, line: string | undefined): string | undefined {
  const carets = line ? stack.split('\n').find((one) => /^\s*\^+\s*$/.test(one)) : undefined
  return carets === undefined ? undefined : String(carets.indexOf('^') + 1)
}

/** `config.yaml:12:5`, or the piece's name and its own line where it is nobody's file. */
export function placeText({ source, line, column }: CodePlace): string {
  if (!source.at) return line === null ? source.name : `${source.name}, line ${line}`
  const { file, line: first, column: indent } = source.at
  return line === null ? `${file}:${first}` : `${file}:${first + line - 1}:${indent + (column ?? 1)}`
}
