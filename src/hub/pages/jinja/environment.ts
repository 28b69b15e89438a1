/** Finds and compiles templates: an administrator's directories first, then the stock ones. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import nunjucks from 'nunjucks'
import { installErrorPlaces } from './error-places.ts'
import { addJinjaFilters } from './filters.ts'
import { mendTemplate } from './mend.ts'
import { installPythonMethods } from './python-methods.ts'
import { installPythonTruth } from './python-truth.ts'

export const stockDir = join(import.meta.dirname, '../../../../web/templates')

/** The name under which a template extends the stock one that it replaces: `templates/page.html`. */
const stockPrefix = 'templates/'

export interface TemplateEnvironment {
  /** Throws a `TemplateFailure` when the template or one that it builds on is broken. */
  render(name: string, variables: Readonly<Record<string, unknown>>): string
  has(name: string): boolean
}

/** Why a template could not be rendered, and where. */
export class TemplateFailure extends Error {
  /** The file and line as far as nunjucks told. */
  readonly file: string
  readonly line: number | null

  constructor(file: string, line: number | null, message: string) {
    super(message)
    this.name = 'TemplateFailure'
    this.file = file
    this.line = line
  }
}

/** `paths`: directories of the administrator, searched in order. */
export function templateEnvironment(paths: readonly string[]): TemplateEnvironment {
  teachJinja()
  const loader = new DirectoriesLoader(paths)
  const env = new nunjucks.Environment(loader as unknown as nunjucks.ILoader, { autoescape: true })
  addJinjaFilters(env)
  return {
    has: (name) => loader.pathOf(name) !== null,
    render(name, variables) {
      try {
        return env.render(name, variables)
      } catch (error) {
        throw failureOf(error, loader.pathOf(name) ?? name)
      }
    },
  }
}

let taught = false

/** Changes nunjucks for the whole process, as its own `installJinjaCompat` does. */
function teachJinja(): void {
  if (taught) return
  taught = true
  nunjucks.installJinjaCompat()
  installPythonMethods()
  installPythonTruth()
  installErrorPlaces()
}

/** A text that changes whenever a file in one of the directories does. */
export function stampOf(paths: readonly string[]): string {
  const stamps = paths.flatMap((path) =>
    existsSync(path) ? readdirSync(path).map((name) => `${name}:${statSync(join(path, name)).mtimeMs}`) : [],
  )
  return [...paths, ...stamps].join('\n')
}

class DirectoriesLoader extends nunjucks.Loader {
  readonly #paths: readonly string[]

  constructor(paths: readonly string[]) {
    super()
    this.#paths = paths
  }

  pathOf(name: string): string | null {
    const isStock = name.startsWith(stockPrefix)
    const dirs = isStock ? [stockDir] : [...this.#paths, stockDir]
    const file = isStock ? name.slice(stockPrefix.length) : name
    for (const dir of dirs) {
      const path = resolve(dir, file)
      if (path.startsWith(resolve(dir) + sep) && existsSync(path)) return path
    }
    return null
  }

  getSource(name: string): nunjucks.LoaderSource | null {
    const path = this.pathOf(name)
    if (path === null) return null
    const source = readFileSync(path, 'utf8')
    const isStock = path.startsWith(resolve(stockDir) + sep)
    return { src: isStock ? source : mendTemplate(source), path, noCache: false }
  }
}

/** nunjucks writes `(path) [Line 3, Column 7]\n  what`, once for each template it passed through. */
function failureOf(error: unknown, path: string): TemplateFailure {
  const text = error instanceof Error ? error.message : String(error)
  const places = [...text.matchAll(/\(([^()\n]+)\)(?: \[Line (\d+)[^\]]*\])?/g)]
  const place = places.findLast((found) => found[2] !== undefined) ?? places.at(-1)
  const sentence = text.split('\n').at(-1)?.trim() ?? text
  return new TemplateFailure(place?.[1] ?? path, place?.[2] === undefined ? null : Number(place[2]), sentence)
}
