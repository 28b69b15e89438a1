/**
 * In Python an empty list or dict counts as false, in JavaScript as true: `{% if services %}` would show an empty
 * menu. This teaches nunjucks' compiler Python's truth, and that a captured block (`{% set %}…{% endset %}`) is HTML.
 */
import nunjucks from 'nunjucks'

export function isTrue(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return Boolean(value)
  if (Array.isArray(value)) return value.length > 0
  if (value instanceof Set || value instanceof Map) return value.size > 0
  if (value instanceof String) return value.length > 0
  return Object.getPrototypeOf(value) !== Object.prototype || Object.keys(value).length > 0
}

interface Node {
  readonly target: Node
  readonly left: Node
  readonly right: Node
  cond: Node
}

type Compile = (this: Compiler, node: Node, frame: unknown, ...rest: unknown[]) => void

/** nunjucks' compiler as far as it is touched here; its types leave it out. */
interface Compiler {
  _emit(code: string): void
  compile: Compile
  compileIf: Compile
  compileInlineIf: Compile
  compileNot: Compile
  compileOr: Compile
  compileAnd: Compile
  compileCapture: Compile
}

interface Inside {
  compiler: { Compiler: { prototype: Compiler } }
  nodes: { Not: new (line: number, column: number, target: Node) => Node }
  runtime: Record<string, unknown>
}

export function installPythonTruth(): void {
  const { compiler, nodes, runtime } = nunjucks as unknown as Inside
  const { prototype } = compiler.Compiler
  runtime.isTrue = isTrue
  runtime.either = (left: unknown, right: () => unknown) => (isTrue(left) ? left : right())
  runtime.both = (left: unknown, right: () => unknown) => (isTrue(left) ? right() : left)
  for (const method of ['compileIf', 'compileInlineIf'] as const) {
    const compile = prototype[method]
    prototype[method] = function compileCondition(node, ...rest) {
      node.cond = new nodes.Not(0, 0, new nodes.Not(0, 0, node.cond))
      compile.call(this, node, ...rest)
    }
  }
  prototype.compileNot = function compileNot(node, frame) {
    this._emit('!runtime.isTrue(')
    this.compile(node.target, frame)
    this._emit(')')
  }
  prototype.compileOr = lazyOperator('either')
  prototype.compileAnd = lazyOperator('both')
  const capture = prototype.compileCapture
  prototype.compileCapture = function compileCapture(...given) {
    this._emit('runtime.markSafe(')
    capture.apply(this, given)
    this._emit(')')
  }
}

function lazyOperator(name: 'either' | 'both'): Compile {
  return function compileOperator(node, frame) {
    this._emit(`runtime.${name}(`)
    this.compile(node.left, frame)
    this._emit(', () => (')
    this.compile(node.right, frame)
    this._emit('))')
  }
}
