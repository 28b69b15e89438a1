/** Runs the declarative part of a snippet: what it assigns to traits. Everything else is named, not run. */
import { CantEvaluate, evaluate, isDict, isTrue, operate, type Scope, Thing, type Value } from './evaluate.ts'
import { parsePython } from './parse.ts'
import type { Expression, Statement } from './syntax.ts'
import { PythonSyntaxError } from './tokens.ts'

/** A trait that the snippet sets. */
export interface Assignment {
  readonly className: string
  readonly trait: string
  readonly value: Value
  readonly line: number
  readonly column: number
}

/** A part that can't be run. */
export interface Unrunnable {
  /** `the function spawn_hook`, `a loop (for)` */
  readonly what: string
  /** The trait that it is for, e.g. `KubeSpawner.pre_spawn_hook`; null when none is known. */
  readonly trait: string | null
  /** No Python at all; `what` says why. */
  readonly isInvalid?: boolean
  readonly line: number
  readonly column: number
}

export interface Run {
  readonly assignments: readonly Assignment[]
  readonly unrunnable: readonly Unrunnable[]
}

/** `names` are shared by all snippets of a file, in order. */
export function runPython(code: string, scope: Scope): Run {
  try {
    return new Runner(scope).run(parsePython(code))
  } catch (error) {
    if (!(error instanceof PythonSyntaxError)) throw error
    return {
      assignments: [],
      unrunnable: [{ what: error.message, isInvalid: true, trait: null, line: error.line, column: 0 }],
    }
  }
}

const changers = new Set(['update', 'append', 'extend', 'insert', 'prepend', 'add', 'setdefault'])

class Runner {
  readonly #scope: Scope
  readonly #assignments: Assignment[] = []
  readonly #unrunnable: Unrunnable[] = []
  /** Where functions and classes stand. */
  readonly #definitions = new Map<Thing, { line: number; column: number }>()

  constructor(scope: Scope) {
    this.#scope = scope
  }

  run(statements: readonly Statement[]): Run {
    for (const statement of statements) this.#try(statement)
    return { assignments: this.#assignments, unrunnable: this.#unrunnable }
  }

  #try(statement: Statement): void {
    try {
      this.#statement(statement)
    } catch (error) {
      if (!(error instanceof CantEvaluate)) throw error
      const { line, column } = statement
      this.#unrunnable.push({ what: error.what, trait: traitOf(statement), line: Math.max(line, error.line), column })
    }
  }

  #statement(statement: Statement): void {
    const { line, column } = statement
    switch (statement.kind) {
      case 'pass':
        return
      case 'import':
        for (const [name, dotted] of statement.names) this.#scope.names.set(name, new Thing(dotted, 'import'))
        return
      case 'define': {
        const thing = new Thing(statement.name, statement.what)
        this.#definitions.set(thing, statement)
        this.#scope.names.set(statement.name, thing)
        return
      }
      case 'beyond':
        this.#unrunnable.push({ what: statement.what, trait: null, line, column })
        return
      case 'if': {
        const taken = statement.branches.find(({ test }) => isTrue(this.#known(test)))
        for (const inner of taken ? taken.body : statement.otherwise) this.#try(inner)
        return
      }
      case 'expression':
        this.#expression(statement.value)
        return
      case 'assign': {
        const value = evaluate(statement.value, this.#scope)
        for (const target of statement.targets) this.#assign(target, value)
        return
      }
      case 'augment': {
        const before = this.#present(statement.target)
        const value = evaluate(statement.value, this.#scope)
        const result = operate(statement.operator, before ?? emptyLike(value), value)
        if (result === undefined) throw new CantEvaluate(`${statement.operator}= on these values`, statement)
        this.#assign(statement.target, result)
      }
    }
  }

  /** A test on something from outside is no test that we can take. */
  #known(test: Expression): Value {
    const value = evaluate(test, this.#scope)
    if (value instanceof Thing) throw new CantEvaluate(`a test of ${value.name}`, test)
    return value
  }

  /** Only calls have an effect: those that change a trait or a variable. A text alone is a comment. */
  #expression(expression: Expression): void {
    if (expression.kind !== 'call') {
      evaluate(expression, this.#scope)
      return
    }
    const { of, args } = expression
    if (of.kind !== 'attribute' || !changers.has(of.name)) {
      evaluate(expression, this.#scope)
      return
    }
    const values = args.map((argument) => evaluate(argument.value, this.#scope))
    const named = Object.fromEntries(args.flatMap(({ name }, index) => (name ? [[name, values[index] as Value]] : [])))
    const isClass = classOf(of.of)
    if (isClass && of.name === 'update') {
      const traits = { ...(isDict(values[0] ?? null) ? (values[0] as object) : {}), ...named }
      for (const [trait, value] of Object.entries(traits)) this.#set(isClass, trait, value as Value, expression)
      return
    }
    const before = this.#present(of.of)
    const result = changed(of.name, before ?? null, { values: values.filter((_, index) => !args[index]?.name), named })
    if (result === undefined) throw new CantEvaluate(`.${of.name}()`, expression)
    this.#assign(of.of, result)
  }

  #present(target: Expression): Value | undefined {
    const value = evaluate(target, this.#scope)
    return value instanceof Thing && value.sort === 'config' ? undefined : value
  }

  #assign(target: Expression, value: Value): void {
    if (target.kind === 'name') {
      this.#scope.names.set(target.name, value)
      return
    }
    const path = configPath(target)
    if (path?.length === 2) {
      this.#set(path[0] as string, path[1] as string, value, target)
      return
    }
    if (target.kind !== 'index') throw new CantEvaluate('this assignment', target)
    const key = evaluate(target.index, this.#scope)
    const before = this.#present(target.of) ?? {}
    if (Array.isArray(before) && typeof key === 'number') this.#assign(target.of, before.with(key, value))
    else if (isDict(before)) this.#assign(target.of, { ...before, [String(key)]: value })
    else throw new CantEvaluate('this assignment', target)
  }

  #set(className: string, trait: string, value: Value, { line, column }: Expression): void {
    if (value instanceof Thing && value.sort !== 'import') {
      const at = this.#definitions.get(value) ?? { line, column }
      const what = value.sort === 'config' ? `the value of ${value.name}` : `the ${value.sort} ${value.name}`
      this.#unrunnable.push({ what, trait: `${className}.${trait}`, line: at.line, column: at.column })
      return
    }
    // A class from a module is what naming it selects, too.
    const plainValue = value instanceof Thing ? value.name : value
    this.#scope.traits.set(`${className}.${trait}`, plainValue)
    this.#assignments.push({ className, trait, value: plainValue, line, column })
  }
}

function changed(
  name: string,
  before: Value,
  { values, named }: { values: readonly Value[]; named: { [key: string]: Value } },
): Value | undefined {
  const [first, second] = values
  const list = Array.isArray(before) ? before : before === null ? [] : undefined
  if (name === 'update') {
    if (Array.isArray(before) && Array.isArray(first)) return [...before, ...first]
    const dict = before === null ? {} : before
    return isDict(dict) && (first === undefined || isDict(first)) ? { ...dict, ...first, ...named } : undefined
  }
  if (name === 'setdefault') {
    const dict = before === null ? {} : before
    return isDict(dict) && second !== undefined ? { [String(first)]: second, ...dict } : undefined
  }
  if (!list || first === undefined) return undefined
  if (name === 'append' || name === 'add') return [...list, first]
  if (name === 'insert') return second === undefined ? undefined : list.toSpliced(Number(first), 0, second)
  if (!Array.isArray(first)) return undefined
  return name === 'extend' ? [...list, ...first] : [...first, ...list]
}

function emptyLike(value: Value): Value {
  if (Array.isArray(value)) return []
  if (isDict(value)) return {}
  return typeof value === 'string' ? '' : 0
}

/** `c.Class.trait` or `c['Class'].trait` → its parts after c; null for other targets. */
function configPath(target: Expression): string[] | null {
  if (target.kind === 'name') return target.name === 'c' ? [] : null
  if (target.kind === 'attribute') {
    const of = configPath(target.of)
    return of && [...of, target.name]
  }
  if (target.kind === 'index' && target.index.kind === 'literal' && typeof target.index.value === 'string') {
    const of = configPath(target.of)
    return of && of.length < 2 ? [...of, target.index.value] : null
  }
  return null
}

function classOf(target: Expression): string | null {
  const path = configPath(target)
  return path?.length === 1 ? (path[0] ?? null) : null
}

/** The trait that a statement is about, for messages. */
function traitOf(statement: Statement): string | null {
  const target =
    statement.kind === 'assign' ? statement.targets[0] : statement.kind === 'augment' ? statement.target : null
  const path = target ? configPath(target) : null
  return path?.length === 2 ? path.join('.') : null
}
