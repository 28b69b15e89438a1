import type { Argument, Expression } from './syntax.ts'

/** What an expression can be worth here. Tuples and sets are lists. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value } | Thing

/** A name that leads out of the snippet: an imported class, a function, or the configuration itself. */
export class Thing {
  /** `os.path.join`, or `c.KubeSpawner.environment`. */
  readonly name: string
  readonly sort: 'import' | 'function' | 'class' | 'config' | 'built-in'
  constructor(name: string, sort: Thing['sort']) {
    this.name = name
    this.sort = sort
  }
}

/** A part of the code whose worth can't be known here. */
export class CantEvaluate extends Error {
  readonly what: string
  readonly line: number
  readonly column: number
  constructor(what: string, at: { line: number; column: number }) {
    super(what)
    this.what = what
    this.line = at.line
    this.column = at.column
  }
}

export interface Scope {
  readonly names: Map<string, Value>
  /** What code has set so far, by `Class.trait`. */
  readonly traits: Map<string, Value>
  /** The present value of a trait; undefined when nothing is set and no default is known. */
  trait(className: string, trait: string): Value | undefined
  /** `get_config(path)`; undefined: not there. */
  config(path: string): Value | undefined
}

export function evaluate(expression: Expression, scope: Scope): Value {
  const fail = (what: string): never => {
    throw new CantEvaluate(what, expression)
  }
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'name':
      return lookUp(expression.name, scope) ?? fail(`the name ${expression.name}`)
    case 'attribute': {
      const of = evaluate(expression.of, scope)
      if (!(of instanceof Thing)) return fail(`.${expression.name}`)
      return followed(of, expression.name, scope)
    }
    case 'index': {
      const of = evaluate(expression.of, scope)
      const found = indexed(of, evaluate(expression.index, scope), scope)
      return found ?? fail(of instanceof Thing ? `the value of ${of.name}` : 'this part of a value')
    }
    case 'call':
      return called(expression.of, expression.args, scope)
    case 'list':
    case 'set':
      return expression.items.map((item) => evaluate(item, scope))
    case 'dict':
      return Object.fromEntries(
        expression.entries.map(([key, value]) => [String(evaluate(key, scope)), evaluate(value, scope)]),
      )
    case 'unary':
      return unary(expression.operator, evaluate(expression.of, scope)) ?? fail(`the operator ${expression.operator}`)
    case 'binary':
      return binary(expression, scope)
    case 'choice':
      return evaluate(isTrue(evaluate(expression.test, scope)) ? expression.then : expression.otherwise, scope)
    case 'format':
      return expression.parts.map((part) => (typeof part === 'string' ? part : text(evaluate(part, scope)))).join('')
    case 'beyond':
      return fail(expression.what)
  }
}

/** Python's truth. A thing from outside can't be judged, but exists. */
export function isTrue(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (value instanceof Thing) return true
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0
  return Boolean(value)
}

function lookUp(name: string, scope: Scope): Value | undefined {
  const own = scope.names.get(name)
  if (own !== undefined) return own
  if (name === 'c') return new Thing('c', 'config')
  return builtIns.has(name) ? new Thing(name, 'built-in') : undefined
}

const builtIns = new Set(['get_config', 'dict', 'list', 'set', 'tuple', 'str', 'int', 'float', 'bool', 'len', 'print'])

/** `c.Class.trait` is its value where one is known; other names only get longer. */
function followed(of: Thing, name: string, scope: Scope): Value {
  const longer = new Thing(`${of.name}.${name}`, of.sort)
  const [root, className, trait, ...more] = longer.name.split('.')
  if (of.sort !== 'config' || root !== 'c' || !className || !trait || more.length > 0) return longer
  return scope.traits.get(`${className}.${trait}`) ?? scope.trait(className, trait) ?? longer
}

function indexed(of: Value, index: Value, scope: Scope): Value | undefined {
  if (of instanceof Thing)
    return of.sort === 'config' && typeof index === 'string' ? followed(of, index, scope) : undefined
  if (Array.isArray(of)) return of.at(Number(index))
  if (typeof of === 'string') return of.at(Number(index))
  if (typeof of === 'object' && of !== null) return Object.hasOwn(of, String(index)) ? of[String(index)] : undefined
  return undefined
}

function called(of: Expression, args: readonly Argument[], scope: Scope): Value {
  const values = () => args.map((argument) => evaluate(argument.value, scope))
  if (of.kind === 'attribute') {
    const target = evaluate(of.of, scope)
    if (!(target instanceof Thing)) {
      const result = method(target, of.name, values())
      if (result !== undefined) return result
      throw new CantEvaluate(`.${of.name}()`, of)
    }
  }
  const thing = evaluate(of, scope)
  if (thing instanceof Thing && thing.sort === 'built-in') {
    const result = builtIn(thing.name, values(), { args, scope })
    if (result !== undefined) return result
  }
  throw new CantEvaluate(`the call of ${thing instanceof Thing ? thing.name : 'a value'}()`, of)
}

function builtIn(
  name: string,
  values: readonly Value[],
  { args, scope }: { args: readonly Argument[]; scope: Scope },
): Value | undefined {
  const [first] = values
  switch (name) {
    case 'get_config':
      return scope.config(String(first)) ?? values[1] ?? null
    case 'dict':
      return Object.fromEntries(args.flatMap(({ name: key }, index) => (key ? [[key, values[index] as Value]] : [])))
    case 'list':
    case 'set':
    case 'tuple':
      return first === undefined ? [] : Array.isArray(first) ? [...first] : undefined
    case 'str':
      return first === undefined ? '' : text(first)
    case 'int':
      return Number.isFinite(Number(first)) ? Math.trunc(Number(first)) : undefined
    case 'float':
      return Number.isFinite(Number(first)) ? Number(first) : undefined
    case 'bool':
      return isTrue(first ?? null)
    case 'len':
      return Array.isArray(first) || typeof first === 'string' ? first.length : undefined
    case 'print':
      return null
    default:
      return undefined
  }
}

/** Methods that make a new value. Those that change one in place stand in `run.ts`. */
function method(of: Value, name: string, args: readonly Value[]): Value | undefined {
  const [first, second] = args
  if (typeof of === 'string') return textMethod(of, name, args)
  if (Array.isArray(of)) return name === 'copy' ? [...of] : undefined
  if (typeof of !== 'object' || of === null || of instanceof Thing) return undefined
  if (name === 'get') return Object.hasOwn(of, String(first)) ? of[String(first)] : (second ?? null)
  if (name === 'copy') return { ...of }
  if (name === 'keys') return Object.keys(of)
  return undefined
}

function textMethod(of: string, name: string, args: readonly Value[]): Value | undefined {
  const [first, second] = args
  switch (name) {
    case 'format':
      return /\{\D|\{\d*[!:.[]/.test(of.replaceAll('{{', '').replace(/\{\d*\}/g, '')) ? undefined : filled(of, args)
    case 'join':
      return Array.isArray(first) ? first.map(text).join(of) : undefined
    case 'lower':
      return of.toLowerCase()
    case 'upper':
      return of.toUpperCase()
    case 'strip':
      return first === undefined ? of.trim() : undefined
    case 'rstrip':
      return first === undefined ? of.trimEnd() : undefined
    case 'lstrip':
      return first === undefined ? of.trimStart() : undefined
    case 'split':
      return typeof first === 'string' ? of.split(first) : of.trim().split(/\s+/)
    case 'replace':
      return of.replaceAll(String(first), () => String(second))
    case 'startswith':
      return of.startsWith(String(first))
    case 'endswith':
      return of.endsWith(String(first))
    default:
      return undefined
  }
}

function filled(template: string, args: readonly Value[]): string {
  let next = 0
  return template.replace(/\{\{|\}\}|\{(\d*)\}/g, (whole, index: string | undefined) => {
    if (index === undefined) return whole.slice(1)
    const at = index === '' ? next : Number(index)
    next += 1
    return text(args[at] ?? null)
  })
}

/** As Python's str() writes it. */
function text(value: Value): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'object') throw new CantEvaluate('the text of a list or dict', { line: 0, column: 0 })
  return String(value)
}

function unary(operator: string, of: Value): Value | undefined {
  if (operator === 'not') return !isTrue(of)
  if (typeof of !== 'number') return undefined
  return operator === '-' ? -of : operator === '+' ? of : undefined
}

function binary(expression: Extract<Expression, { kind: 'binary' }>, scope: Scope): Value {
  const { operator } = expression
  const left = evaluate(expression.left, scope)
  if (operator === 'or') return isTrue(left) ? left : evaluate(expression.right, scope)
  if (operator === 'and') return isTrue(left) ? evaluate(expression.right, scope) : left
  const right = evaluate(expression.right, scope)
  const result = operate(operator, left, right)
  if (result === undefined) throw new CantEvaluate(`the operator ${operator} on these values`, expression)
  return result
}

/** undefined: these values don't go together. */
export function operate(operator: string, left: Value, right: Value): Value | undefined {
  if (left instanceof Thing || right instanceof Thing) return undefined
  if (operator === 'in') return isIn(left, right)
  if (operator === 'not in') return isIn(left, right) === undefined ? undefined : !isIn(left, right)
  if (operator === '==' || operator === 'is') return JSON.stringify(left) === JSON.stringify(right)
  if (operator === '!=' || operator === 'is not') return JSON.stringify(left) !== JSON.stringify(right)
  if (typeof left === 'number' && typeof right === 'number') return arithmetic(operator, left, right)
  if (operator === '+' && typeof left === 'string' && typeof right === 'string') return left + right
  if (operator === '+' && Array.isArray(left) && Array.isArray(right)) return [...left, ...right]
  if (operator === '|' && isDict(left) && isDict(right)) return { ...left, ...right }
  if (operator === '%' && typeof left === 'string') return percent(left, right)
  return undefined
}

function isIn(item: Value, of: Value): boolean | undefined {
  if (typeof of === 'string') return of.includes(String(item))
  if (Array.isArray(of)) return of.some((one) => JSON.stringify(one) === JSON.stringify(item))
  return isDict(of) ? Object.hasOwn(of, String(item)) : undefined
}

function arithmetic(operator: string, left: number, right: number): Value | undefined {
  const results: Readonly<Record<string, () => Value>> = {
    '+': () => left + right,
    '-': () => left - right,
    '*': () => left * right,
    '/': () => left / right,
    '//': () => Math.floor(left / right),
    '%': () => left - right * Math.floor(left / right),
    '**': () => left ** right,
    '<': () => left < right,
    '<=': () => left <= right,
    '>': () => left > right,
    '>=': () => left >= right,
  }
  const result = results[operator]?.()
  return typeof result === 'number' && !Number.isFinite(result) ? undefined : result
}

function percent(template: string, right: Value): string | undefined {
  const args = Array.isArray(right) ? [...right] : [right]
  if (/%[^sd%]/.test(template)) return undefined
  return template.replace(/%[sd%]/g, (hole) => (hole === '%%' ? '%' : text(args.shift() ?? null)))
}

export function isDict(value: Value): value is { [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Thing)
}
