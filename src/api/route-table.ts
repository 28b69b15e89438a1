import type { Access } from './route.ts'
import { allRoutes } from './routes/index.ts'

/** The routes as a table in Markdown, for the documentation. */
export function routeTable(): string {
  const rows = allRoutes
    .filter(({ notBuilt }) => notBuilt === null)
    .map(({ method, path, access, doc }) => `| ${method} \`${path}\` | ${scopesOf(access)} | ${doc} |`)
  return ['| Route | Scope | |', '| --- | --- | --- |', ...rows].join('\n')
}

/** What answers 501, with the sentence that it answers. */
export function notBuiltList(): string {
  const sentences = Map.groupBy(
    allRoutes.filter(({ notBuilt }) => notBuilt !== null),
    ({ notBuilt }) => notBuilt!,
  )
  return [...sentences]
    .map(([sentence, routes]) => {
      const list = routes.map(({ method, path }) => `${method} \`${path}\``).join(', ')
      return `- ${sentence} (${list})`
    })
    .join('\n')
}

function scopesOf(access: Access): string {
  switch (access.kind) {
    case 'open':
      return 'none'
    case 'credentials':
      return 'any valid token'
    case 'scopes':
    case 'rows':
      return access.anyOf.map((scope) => `\`${scope}\``).join(' or ')
  }
}
