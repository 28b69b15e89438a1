import { Composer, type Document, isScalar, type Node, Parser, type YAMLError } from '#base/yaml.ts'
import type { Problem } from '../problem.ts'
import { TreeBuilder } from './build.ts'
import { fileProblem, yamlProblem } from './problems.ts'
import { type MapNode, makeSource, type Place, positionOf, type Source } from './tree.ts'

const mostBytes = 4 * 1024 * 1024
const deepest = 100

export interface ReadFile {
  /** null for an empty file, and when it can't be understood. */
  readonly root: MapNode | null
  readonly source: Source
  readonly problems: readonly Problem[]
}

/** Reads one file's content. At most one problem of syntax: what follows a first one is noise. */
export function readYaml(name: string, content: string | Uint8Array): ReadFile {
  const decoded = typeof content === 'string' ? content : decode(name, content)
  if (typeof decoded !== 'string') return { root: null, source: makeSource(name, ''), problems: [decoded] }
  const source = makeSource(name, decoded)
  const refused = (problem: Problem): ReadFile => ({ root: null, source, problems: [problem] })
  const invisible = checkText(source)
  if (invisible) return refused(invisible)
  const tokens = [...new Parser().parse(decoded)]
  const deep = tooDeep(tokens, source)
  if (deep) return refused(deep)
  const documents = [...new Composer({ schema: 'failsafe', version: '1.1', uniqueKeys: false }).compose(tokens)]
  const syntax = documents.flatMap((document) => document.errors).sort((a, b) => a.pos[0] - b.pos[0])[0]
  const template = syntax ? templatePlace(source) : null
  if (template) return refused(yamlProblem('YAML_TEMPLATE', template, undefined))
  if (syntax) return refused(syntaxProblem(syntax, source))
  const filled = documents.filter((document) => !isEmpty(document))
  if (filled[1]) return refused(yamlProblem('YAML_DOCUMENTS', placeOf(filled[1].contents as Node, source), undefined))
  const contents = filled[0]?.contents as Node | undefined
  return contents ? build(contents, source) : { root: null, source, problems: [] }
}

/** What is too large to look at at all; null when the size is fine. */
export function sizeProblem(name: string, bytes: number): Problem | null {
  if (bytes <= mostBytes) return null
  return fileProblem('YAML_TOO_LARGE', name, { size: mebibytes(bytes), most: mebibytes(mostBytes) })
}

function build(contents: Node, source: Source): ReadFile {
  const builder = new TreeBuilder(source)
  const root = builder.build(contents)
  const problems = [...builder.problems]
  if (builder.isFull) return { root: null, source, problems }
  if (root.kind === 'map' && isEncrypted(root)) {
    return { root: null, source, problems: [fileProblem('FILE_ENCRYPTED', source.name, undefined)] }
  }
  const template = problems.some(({ code }) => code === 'YAML_KEY') ? templatePlace(source) : null
  if (template) return { root: null, source, problems: [yamlProblem('YAML_TEMPLATE', template, undefined)] }
  if (root.kind === 'map') return { root, source, problems }
  if (problems.length === 0) {
    const what = root.kind === 'list' ? 'a list' : 'a single value'
    problems.push(yamlProblem('YAML_NOT_A_MAP', root.place, { what }))
  }
  return { root: null, source, problems }
}

function decode(name: string, bytes: Uint8Array): string | Problem {
  const large = sizeProblem(name, bytes.length)
  if (large) return large
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return fileProblem('FILE_NOT_TEXT', name, { what: 'it is UTF-16' })
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return fileProblem('FILE_NOT_TEXT', name, { what: 'some of its bytes are no UTF-8' })
  }
}

/** Characters that YAML forbids, and tabs where indentation should be. */
function checkText(source: Source): Problem | null {
  const large = sizeProblem(source.name, source.text.length)
  if (large) return large
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.exec(source.text)
  if (!control) return null
  return fileProblem('FILE_NOT_TEXT', source.name, { what: 'it holds control characters' })
}

/** The depth of the tokens, measured without recursion: composing them recurses. */
function tooDeep(tokens: readonly unknown[], source: Source): Problem | null {
  const open: { token: object; depth: number }[] = []
  for (const token of tokens) if (isObject(token)) open.push({ token, depth: 0 })
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next
    if (depth > deepest) {
      const begin = 'start' in token && isObject(token.start) ? token.start : token
      const start = 'offset' in begin && typeof begin.offset === 'number' ? begin.offset : 0
      return yamlProblem('YAML_TOO_DEEP', { source, start, end: start + 1 }, { depth: deepest })
    }
    for (const child of childrenOf(token)) open.push({ token: child, depth: depth + ('items' in token ? 1 : 0) })
  }
  return null
}

function* childrenOf(token: object): Iterable<object> {
  if ('value' in token && isObject(token.value)) yield token.value
  if ('key' in token && isObject(token.key)) yield token.key
  if ('items' in token && Array.isArray(token.items)) for (const item of token.items) if (isObject(item)) yield item
}

/** Where a language that makes files begins; null when it seems to be meant as YAML. */
function templatePlace(source: Source): Place | null {
  const found =
    /\{\{-?\s*(?:[.$]|if|else|end|range|with|include|toYaml|define|template|[a-zA-Z_][\w.]*\s*(?:\||-?\}\}))|\{%|%\{|\$\{/.exec(
      source.text.replace(/#.*/g, (comment) => ' '.repeat(comment.length)),
    )
  return found && { source, start: found.index, end: found.index + found[0].length }
}

/** SOPS leaves its own key beside the values, and marks each of them. */
function isEncrypted({ entries }: MapNode): boolean {
  const sops = entries.get('sops')?.value
  return sops?.kind === 'map' && (sops.entries.has('mac') || sops.entries.has('version'))
}

/** The tab that a line begins with where something is wrong, or the line after it; null when there is none. */
function tabNear({ source, start }: Place): Place | null {
  const { line } = positionOf(source, start)
  for (const index of [line - 1, line]) {
    const at = source.lineStarts[index] ?? source.text.length
    const indent = /^[ \t]*/.exec(source.text.slice(at, at + 200))?.[0] ?? ''
    const tab = indent.indexOf('\t')
    if (tab !== -1) return { source, start: at + tab, end: at + indent.length }
  }
  return null
}

function syntaxProblem(error: YAMLError, source: Source): Problem {
  const place = { source, start: error.pos[0], end: Math.max(error.pos[1], error.pos[0] + 1) }
  const tab = tabNear(place)
  if (tab || error.code === 'TAB_AS_INDENT') return yamlProblem('YAML_TAB', tab ?? place, undefined)
  const what = sentences[error.code] ?? error.message.replace(/ at line \d+.*$/s, '').trim()
  if (
    error.code === 'BAD_INDENT' ||
    error.code === 'MULTILINE_IMPLICIT_KEY' ||
    error.code === 'BLOCK_AS_IMPLICIT_KEY'
  ) {
    return yamlProblem('YAML_INDENTATION', place, { what })
  }
  return yamlProblem('YAML_SYNTAX', place, { what })
}

const sentences: Readonly<Record<string, string>> = {
  BAD_INDENT: 'this line does not line up with what it belongs to, or a bracket above is not closed.',
  BAD_SCALAR_START: 'a text that begins with this character needs quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'a key begins inside a value: the next line is indented too far, or this text needs quotes.',
  BLOCK_IN_FLOW: 'inside [ ] and { } everything must be written in brackets, too.',
  MISSING_CHAR: 'a character is missing: a colon, a comma, a bracket or a quote.',
  MULTILINE_IMPLICIT_KEY: 'this line is neither a key with its colon nor part of the value above.',
  UNEXPECTED_TOKEN: 'this character does not belong here; a text that begins with it needs quotes.',
  BAD_ALIAS: 'a text that begins with * or & needs quotes.',
  BAD_DQ_ESCAPE: 'the backslash means something inside double quotes; use single quotes or two backslashes.',
}

function isEmpty(document: Document): boolean {
  const { contents } = document
  return (
    contents === null || (isScalar(contents) && contents.source === '' && !contents.tag && contents.type === 'PLAIN')
  )
}

function placeOf(node: Node, source: Source): Place {
  return { source, start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 0 }
}

const mebibytes = (bytes: number) => `${Math.round((bytes / 1024 ** 2) * 10) / 10} MiB`
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
