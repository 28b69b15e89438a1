import type { Argument, Expression } from './syntax.ts'
import { PythonSyntaxError, type Token, tokenize } from './tokens.ts'

/** From loosest to tightest; all of them bind to the left. */
const levels: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  ['in', 'not in', 'is', 'is not', '==', '!=', '<', '<=', '>', '>='],
  ['|'],
  ['^'],
  ['&'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '//', '%', '@'],
]

export class ExpressionParser {
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.max(0, Math.min(this.#at + ahead, this.#tokens.length - 1))] as Token
  }

  next(): Token {
    const token = this.peek()
    this.#at = Math.min(this.#at + 1, this.#tokens.length)
    return token
  }

  take(kind: Token['kind']): boolean {
    if (this.peek().kind !== kind) return false
    this.next()
    return true
  }

  expect(kind: Token['kind']): void {
    if (!this.take(kind)) this.#fail()
  }

  operator(text: string): boolean {
    const { kind, text: found } = this.peek()
    if (kind !== 'operator' || found !== text) return false
    this.next()
    return true
  }

  expectOperator(text: string): void {
    if (!this.operator(text)) this.#fail()
  }

  word(text: string): boolean {
    const { kind, text: found } = this.peek()
    if (kind !== 'name' || found !== text) return false
    this.next()
    return true
  }

  skipLine(): void {
    while (this.peek().kind !== 'newline' && this.peek().kind !== 'end') this.next()
  }

  /** One expression, or several with commas: a tuple. */
  expressions(): Expression {
    const first = this.expression()
    if (this.peek().text !== ',' || this.peek().kind !== 'operator') return first
    const items = [first]
    while (this.operator(',') && !this.#isEndOfList()) items.push(this.expression())
    return { kind: 'list', items, ...place(first) }
  }

  expression(): Expression {
    this.#depth += 1
    if (this.#depth > 100) throw new PythonSyntaxError('it is nested too deeply', this.peek().line)
    const found = this.#choice()
    this.#depth -= 1
    return found
  }

  #choice(): Expression {
    const { line, column } = this.peek()
    if (this.word('lambda')) {
      while (!this.operator(':') && this.peek().kind !== 'newline' && this.peek().kind !== 'end') this.next()
      this.expression()
      return { kind: 'beyond', what: 'a function (lambda)', line, column }
    }
    const then = this.#binary(0)
    if (!this.word('if')) return then
    const test = this.#binary(0)
    if (!this.word('else')) this.#fail()
    return { kind: 'choice', test, then, otherwise: this.expression(), line, column }
  }

  #binary(level: number): Expression {
    const operators = levels[level]
    if (!operators) return this.#unary()
    if (level === 1 || level === 2) {
      const { line, column } = this.peek()
      if (level === 2 && this.word('not')) return { kind: 'unary', operator: 'not', of: this.#binary(2), line, column }
    }
    let left = this.#binary(level + 1)
    for (let operator = this.#operatorOf(operators); operator; operator = this.#operatorOf(operators)) {
      left = { kind: 'binary', operator, left, right: this.#binary(level + 1), ...place(left) }
    }
    return left
  }

  #operatorOf(operators: readonly string[]): string | null {
    const { kind, text } = this.peek()
    if (kind !== 'operator' && kind !== 'name') return null
    const two = `${text} ${this.peek(1).text}`
    if (operators.includes(two)) {
      this.next()
      this.next()
      return two
    }
    if (!operators.includes(text)) return null
    this.next()
    return text
  }

  #unary(): Expression {
    const { line, column, text, kind } = this.peek()
    if (kind === 'operator' && ['-', '+', '~'].includes(text)) {
      this.next()
      return { kind: 'unary', operator: text, of: this.#unary(), line, column }
    }
    if (this.word('await')) {
      this.#unary()
      return { kind: 'beyond', what: 'await', line, column }
    }
    const base = this.#trailers(this.#atom())
    if (!this.operator('**')) return base
    return { kind: 'binary', operator: '**', left: base, right: this.#unary(), line, column }
  }

  #trailers(base: Expression): Expression {
    let of = base
    for (;;) {
      const at = place(of)
      if (this.operator('.')) of = { kind: 'attribute', of, name: this.next().text, ...at }
      else if (this.operator('(')) of = { kind: 'call', of, args: this.#arguments(), ...at }
      else if (this.operator('[')) {
        const index = this.peek().text === ':' ? beyond('a slice', at) : this.expressions()
        const isSlice = this.peek().text === ':'
        while (this.peek().text !== ']' && this.peek().kind !== 'end') this.next()
        this.expectOperator(']')
        of = isSlice ? beyond('a slice', at) : { kind: 'index', of, index, ...at }
      } else return of
    }
  }

  #arguments(): readonly Argument[] {
    const args: Argument[] = []
    while (!this.operator(')')) {
      const at = place(this.peek())
      if (this.operator('*') || this.operator('**')) {
        this.expression()
        args.push({ name: null, value: beyond('unpacked arguments', at) })
      } else if (this.peek().kind === 'name' && this.peek(1).text === '=') {
        const name = this.next().text
        this.next()
        args.push({ name, value: this.expression() })
      } else args.push({ name: null, value: this.#maybeComprehension(this.expression()) })
      if (!this.operator(',') && this.peek().text !== ')') this.#fail()
    }
    return args
  }

  #atom(): Expression {
    const token = this.next()
    const at = place(token)
    switch (token.kind) {
      case 'number':
        return { kind: 'literal', value: numberOf(token), ...at }
      case 'string':
        return this.#text(token)
      case 'name':
        return constants.has(token.text)
          ? { kind: 'literal', value: constants.get(token.text) ?? null, ...at }
          : { kind: 'name', name: token.text, ...at }
      case 'operator':
        if (token.text === '(') return this.#parentheses(at)
        if (token.text === '[') return { kind: 'list', items: this.#items(']'), ...at }
        if (token.text === '{') return this.#braces(at)
        return this.#fail(token)
      default:
        return this.#fail(token)
    }
  }

  /** Texts side by side are one. */
  #text(first: Token): Expression {
    const at = place(first)
    const tokens = [first]
    while (this.peek().kind === 'string') tokens.push(this.next())
    if (tokens.some((token) => token.isBytes)) return beyond('bytes', at)
    if (tokens.every((token) => !token.isFormatted)) {
      return { kind: 'literal', value: tokens.map((token) => token.value).join(''), ...at }
    }
    const parts = tokens.flatMap((token) => (token.isFormatted ? formatParts(token) : [token.value ?? '']))
    return { kind: 'format', parts, ...at }
  }

  #parentheses(at: ReturnType<typeof place>): Expression {
    if (this.operator(')')) return { kind: 'list', items: [], ...at }
    const inner = this.#maybeComprehension(this.expressions())
    this.expectOperator(')')
    return inner
  }

  #items(closing: string): readonly Expression[] {
    const items: Expression[] = []
    while (!this.operator(closing)) {
      const at = place(this.peek())
      if (this.operator('*')) {
        this.expression()
        items.push(beyond('an unpacked list', at))
      } else items.push(this.#maybeComprehension(this.expression()))
      if (!this.operator(',') && this.peek().text !== closing) this.#fail()
    }
    return items
  }

  #braces(at: ReturnType<typeof place>): Expression {
    const entries: (readonly [Expression, Expression])[] = []
    const items: Expression[] = []
    while (!this.operator('}')) {
      const here = place(this.peek())
      if (this.operator('**')) {
        this.expression()
        items.push(beyond('an unpacked dict', here))
      } else {
        const key = this.expression()
        if (this.operator(':')) entries.push([key, this.#maybeComprehension(this.expression())])
        else items.push(this.#maybeComprehension(key))
      }
      if (!this.operator(',') && this.peek().text !== '}') this.#fail()
    }
    if (items.length === 0) return { kind: 'dict', entries, ...at }
    return entries.length > 0 ? beyond('an unpacked dict', at) : { kind: 'set', items, ...at }
  }

  #maybeComprehension(found: Expression): Expression {
    if (this.peek().text !== 'for' && this.peek().text !== 'async') return found
    for (let depth = 0; this.peek().kind !== 'end'; this.next()) {
      const { kind, text } = this.peek()
      if (kind !== 'operator') continue
      if ('([{'.includes(text)) depth += 1
      else if (')]}'.includes(text) && depth === 0) break
      else if (')]}'.includes(text)) depth -= 1
    }
    return beyond('a comprehension', place(found))
  }

  #isEndOfList(): boolean {
    const { kind, text } = this.peek()
    return kind === 'newline' || kind === 'end' || [')', ']', '}', '=', ':', ';'].includes(text)
  }

  #fail({ line, text }: Token = this.peek()): never {
    throw new PythonSyntaxError(text.trim() ? `"${text}" does not belong here` : 'the line ends too early', line)
  }
}

const constants = new Map<string, boolean | null>([
  ['True', true],
  ['False', false],
  ['None', null],
])

const place = ({ line, column }: { line: number; column: number }) => ({ line, column })
const beyond = (what: string, at: { line: number; column: number }): Expression => ({ kind: 'beyond', what, ...at })
const numberOf = ({ text }: Token) => Number(text.replaceAll('_', ''))

/** The texts and expressions of a formatted string; what is formatted in a special way is beyond us. */
function formatParts(token: Token): (string | Expression)[] {
  const parts: (string | Expression)[] = []
  const pattern = /\{\{|\}\}|\{([^{}]*)\}|[^{}]+/g
  for (const [whole, inner] of (token.value ?? '').matchAll(pattern)) {
    if (inner === undefined) parts.push(whole === '{{' || whole === '}}' ? whole.slice(1) : whole)
    else if (/[!:=]/.test(inner)) parts.push(beyond('a formatted text', place(token)))
    else parts.push({ ...new ExpressionParser(tokenize(inner)).expression(), ...place(token) })
  }
  return parts
}
