import { ExpressionParser } from './parse-expression.ts'
import type { Branch, Statement } from './syntax.ts'
import { tokenize } from './tokens.ts'

/** The statements of a snippet. Throws PythonSyntaxError where it is no Python at all. */
export function parsePython(code: string): readonly Statement[] {
  return new StatementParser(tokenize(code)).program()
}

const blocks: Readonly<Record<string, string>> = {
  for: 'a loop (for)',
  while: 'a loop (while)',
  with: 'a with block',
  try: 'a try block',
  async: 'async code',
  match: 'a match block',
}
const simple: Readonly<Record<string, string>> = {
  del: 'del',
  raise: 'raise',
  return: 'return',
  global: 'global',
  nonlocal: 'nonlocal',
  yield: 'yield',
  await: 'await',
}

class StatementParser extends ExpressionParser {
  program(): readonly Statement[] {
    const statements: Statement[] = []
    while (this.peek().kind !== 'end') {
      if (!this.take('newline') && !this.take('indent') && !this.take('dedent')) statements.push(...this.#statements())
    }
    return statements
  }

  /** A line may hold several, parted by semicolons. */
  #statements(): Statement[] {
    const { text, kind } = this.peek()
    if (kind === 'operator' && text === '@') return [this.#decorated()]
    if (kind === 'name') {
      if (text === 'if') return [this.#if()]
      if (text === 'def' || text === 'class') return [this.#define()]
      const isSoft = text === 'match' && this.peek(1).kind !== 'name'
      if (Object.hasOwn(blocks, text) && !isSoft) return [this.#beyond(blocks[text] ?? text)]
    }
    const statements = [this.#simple()]
    while (this.operator(';')) if (this.peek().kind !== 'newline') statements.push(this.#simple())
    this.expect('newline')
    return statements
  }

  #simple(): Statement {
    const { line, column, kind, text } = this.peek()
    const at = { line, column }
    if (kind === 'name') {
      if (this.word('pass')) return { kind: 'pass', ...at }
      // What is asserted changes nothing.
      if (this.word('assert')) {
        this.skipLine()
        return { kind: 'pass', ...at }
      }
      if (text === 'import' || text === 'from') return { kind: 'import', names: this.#import(), ...at }
      if (Object.hasOwn(simple, text)) {
        this.skipLine()
        return { kind: 'beyond', what: simple[text] ?? text, lastLine: line, ...at }
      }
    }
    const first = this.expressions()
    const augmented = /^(\+|-|\*|\/|%|\|)=$/.exec(this.peek().text)
    if (augmented) {
      this.next()
      return { kind: 'augment', target: first, operator: augmented[1] ?? '+', value: this.expressions(), ...at }
    }
    if (this.operator(':')) this.expression()
    const targets = [first]
    while (this.operator('=')) targets.push(this.expressions())
    const value = targets.pop() ?? first
    return targets.length === 0 ? { kind: 'expression', value, ...at } : { kind: 'assign', targets, value, ...at }
  }

  #import(): Map<string, string> {
    const names = new Map<string, string>()
    if (this.word('import')) {
      do {
        const dotted = this.#dotted()
        const local = this.word('as') ? this.next().text : (dotted.split('.')[0] ?? dotted)
        names.set(local, this.peek(-2).text === 'as' ? dotted : local)
      } while (this.operator(','))
      return names
    }
    this.next()
    const module = this.#dotted()
    this.word('import')
    const isInParentheses = this.operator('(')
    do {
      if (this.peek().text === ')') break
      const name = this.next().text
      names.set(this.word('as') ? this.next().text : name, `${module}.${name}`)
    } while (this.operator(','))
    if (isInParentheses) this.operator(')')
    return names
  }

  #dotted(): string {
    let name = ''
    while (this.peek().kind === 'name' || this.peek().text === '.' || this.peek().text === '...') {
      if (this.peek().text === 'import' || this.peek().text === 'as') break
      name += this.next().text
    }
    return name
  }

  #if(): Statement {
    const { line, column } = this.next()
    const branches: Branch[] = [{ test: this.expression(), body: this.#block() }]
    while (this.word('elif')) branches.push({ test: this.expression(), body: this.#block() })
    const otherwise = this.word('else') ? this.#block() : []
    return { kind: 'if', branches, otherwise, line, column }
  }

  #block(): readonly Statement[] {
    this.expectOperator(':')
    if (!this.take('newline')) return this.#statements()
    while (this.take('newline'));
    this.expect('indent')
    const body: Statement[] = []
    while (!this.take('dedent') && this.peek().kind !== 'end')
      if (!this.take('newline')) body.push(...this.#statements())
    return body
  }

  #decorated(): Statement {
    while (this.peek().text === '@') {
      this.skipLine()
      this.take('newline')
    }
    return this.#statements()[0] as Statement
  }

  #define(): Statement {
    const { text, line, column } = this.next()
    const name = this.next().text
    const lastLine = this.#skipBlock()
    return { kind: 'define', what: text === 'class' ? 'class' : 'function', name, line, column, lastLine }
  }

  #beyond(what: string): Statement {
    const { line, column } = this.next()
    if (this.peek().text === 'def') return this.#define()
    let lastLine = this.#skipBlock()
    while (['else', 'except', 'finally', 'elif'].includes(this.peek().text)) lastLine = this.#skipBlock()
    return { kind: 'beyond', what, line, column, lastLine }
  }

  /** Passes over a line and the block below it; gives its last line. */
  #skipBlock(): number {
    this.skipLine()
    this.take('newline')
    while (this.peek().kind === 'newline') this.next()
    let last = this.peek(-1).line
    if (!this.take('indent')) return last
    for (let depth = 1; depth > 0 && this.peek().kind !== 'end'; ) {
      const { kind, line } = this.next()
      if (kind === 'indent') depth += 1
      else if (kind === 'dedent') depth -= 1
      else if (kind !== 'newline') last = line
    }
    return last
  }
}
