type Filters = Record<string, string[]>

/** `{'servers': true, 'read:users': {user: ['ada']}}`: the caller's scopes as JupyterHub gives them to templates. */
export function parsedScopes(scopes: ReadonlySet<string>): Readonly<Record<string, true | Filters>> {
  const parsed: Record<string, true | Filters> = {}
  for (const scope of scopes) {
    const [base = '', filter] = scope.split('!', 2)
    const seen = parsed[base] ?? {}
    parsed[base] = filter === undefined || seen === true ? true : withFilter(seen, filter)
  }
  return parsed
}

function withFilter(seen: Filters, filter: string): Filters {
  const [kind = '', name = ''] = filter.split(/=(.*)/s)
  return { ...seen, [kind]: [...(seen[kind] ?? []), name] }
}
