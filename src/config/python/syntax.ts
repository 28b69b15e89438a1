/** The part of Python that configuration is written in. */

interface At {
  /** Counted from 0 in the snippet. */
  readonly line: number
  readonly column: number
}

export type Expression = At &
  (
    | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string }
    | { readonly kind: 'index'; readonly of: Expression; readonly index: Expression }
    | { readonly kind: 'call'; readonly of: Expression; readonly args: readonly Argument[] }
    | { readonly kind: 'list' | 'set'; readonly items: readonly Expression[] }
    | { readonly kind: 'dict'; readonly entries: readonly (readonly [Expression, Expression])[] }
    | { readonly kind: 'unary'; readonly operator: string; readonly of: Expression }
    | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'choice'; readonly test: Expression; readonly then: Expression; readonly otherwise: Expression }
    | { readonly kind: 'format'; readonly parts: readonly (string | Expression)[] }
    | { readonly kind: 'beyond'; readonly what: string }
  )

export interface Argument {
  /** null: by position. */
  readonly name: string | null
  readonly value: Expression
}

export type Statement = At &
  (
    | { readonly kind: 'assign'; readonly targets: readonly Expression[]; readonly value: Expression }
    | { readonly kind: 'augment'; readonly target: Expression; readonly operator: string; readonly value: Expression }
    | { readonly kind: 'expression'; readonly value: Expression }
    | { readonly kind: 'if'; readonly branches: readonly Branch[]; readonly otherwise: readonly Statement[] }
    /** Local name → dotted name. */
    | { readonly kind: 'import'; readonly names: ReadonlyMap<string, string> }
    | { readonly kind: 'pass' }
    /** A function or class: has no effect until it is used. */
    | { readonly kind: 'define'; readonly name: string; readonly what: 'function' | 'class'; readonly lastLine: number }
    /** Loops and the like. */
    | { readonly kind: 'beyond'; readonly what: string; readonly lastLine: number }
  )

export interface Branch {
  readonly test: Expression
  readonly body: readonly Statement[]
}
