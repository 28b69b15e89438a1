/** Python's tokens, as far as configuration needs them. Lines and columns count from 0. */

export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'operator' | 'newline' | 'indent' | 'dedent' | 'end'
  readonly text: string
  readonly line: number
  readonly column: number
  /** Of strings: what the quotes hold, escapes done; formatted strings keep their braces. */
  readonly value?: string
  readonly isFormatted?: boolean
  readonly isBytes?: boolean
}

/** The code is not Python, or Python that no tokens are known for. */
export class PythonSyntaxError extends Error {
  readonly line: number
  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

const operators =
  /\*\*=|\/\/=|>>=|<<=|\.\.\.|[-+*/%&|^@]=|==|!=|<=|>=|->|:=|\*\*|\/\/|<<|>>|[-+*/%@&|^~<>()[\]{},:.;=]/y
const numbers = /0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?/y
const names = /[\p{L}_][\p{L}\p{N}_]*/uy
const strings = /([rRbBfFuU]{0,2})('''|"""|'|")/y
const spaces = /(?:[ \t\f]|\\\n)+/y
const comments = /#[^\n]*/y

export function tokenize(code: string): readonly Token[] {
  return new Tokenizer(code.replace(/\r\n?/g, '\n')).run()
}

class Tokenizer {
  readonly #code: string
  readonly #tokens: Token[] = []
  readonly #indents = [0]
  #at = 0
  #line = 0
  #lineStart = 0
  #depth = 0

  constructor(code: string) {
    this.#code = code
  }

  run(): readonly Token[] {
    while (this.#at < this.#code.length) {
      if (this.#at === this.#lineStart && this.#depth === 0) this.#indentation()
      this.#next()
    }
    this.#push('newline', '')
    while (this.#indents.length > 1) {
      this.#indents.pop()
      this.#push('dedent', '')
    }
    this.#push('end', '')
    return this.#tokens
  }

  #next(): void {
    if (this.#match(spaces) || this.#match(comments)) return
    if (this.#code[this.#at] === '\n') {
      if (this.#depth === 0) this.#push('newline', '\n')
      this.#advance('\n')
      return
    }
    if (this.#string()) return
    const number = this.#match(numbers)
    if (number) {
      this.#pushBefore('number', number)
      return
    }
    const name = this.#match(names)
    if (name) {
      this.#pushBefore('name', name)
      return
    }
    const operator = this.#match(operators)
    if (!operator) {
      if (this.#at >= this.#code.length) return
      throw new PythonSyntaxError(
        `the character ${JSON.stringify(this.#code[this.#at])} does not belong here`,
        this.#line,
      )
    }
    if ('([{'.includes(operator)) this.#depth += 1
    if (')]}'.includes(operator)) this.#depth = Math.max(0, this.#depth - 1)
    this.#pushBefore('operator', operator)
  }

  #string(): boolean {
    strings.lastIndex = this.#at
    const opening = strings.exec(this.#code)
    if (!opening) return false
    const [whole, prefix = '', quote = ''] = opening
    const start = this.#at + whole.length
    const end = this.#closing(start, quote)
    const raw = this.#code.slice(start, end)
    const token = { kind: 'string' as const, text: '', line: this.#line, column: this.#at - this.#lineStart }
    const value = /r/i.test(prefix) ? raw : unescaped(raw)
    this.#tokens.push({ ...token, value, isFormatted: /f/i.test(prefix), isBytes: /b/i.test(prefix) })
    this.#advance(this.#code.slice(this.#at, end + quote.length))
    return true
  }

  #closing(start: number, quote: string): number {
    for (let at = start; at < this.#code.length; at += 1) {
      if (this.#code[at] === '\\') at += 1
      else if (this.#code.startsWith(quote, at)) return at
      else if (quote.length === 1 && this.#code[at] === '\n') break
    }
    throw new PythonSyntaxError('a text is not closed', this.#line)
  }

  #indentation(): void {
    const [blank = ''] = /^[ \t]*/.exec(this.#code.slice(this.#at)) ?? []
    const rest = this.#code[this.#at + blank.length]
    if (rest === '\n' || rest === '#' || rest === undefined) return
    const width = blank.replaceAll('\t', '        ').length
    if (width > (this.#indents.at(-1) ?? 0)) {
      this.#indents.push(width)
      this.#push('indent', '')
    }
    while (width < (this.#indents.at(-1) ?? 0)) {
      this.#indents.pop()
      this.#push('dedent', '')
    }
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at
    const [found] = pattern.exec(this.#code) ?? []
    if (!found) return null
    this.#advance(found)
    return found
  }

  #advance(text: string): void {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
      this.#line += 1
      this.#lineStart = this.#at + at + 1
    }
    this.#at += text.length
  }

  #push(kind: Token['kind'], text: string): void {
    this.#tokens.push({ kind, text, line: this.#line, column: this.#at - this.#lineStart })
  }

  #pushBefore(kind: Token['kind'], text: string): void {
    this.#tokens.push({ kind, text, line: this.#line, column: this.#at - this.#lineStart - text.length })
  }
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
}

function unescaped(raw: string): string {
  return raw.replace(/\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|[\s\S])/g, (whole, what: string) => {
    if (/^[xu]./.test(what)) return String.fromCharCode(Number.parseInt(what.slice(1), 16))
    return escapes[what] ?? whole
  })
}
