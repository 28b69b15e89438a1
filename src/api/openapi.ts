/** The REST contract as an OpenAPI 3.1 document, made from the routes. */
import type { TSchema } from 'typebox'
import { ErrorBody } from './models.ts'
import { type Access, paramNames, type Route } from './route.ts'
import { allRoutes } from './routes/index.ts'

/** `hubPath` is `{base}hub/api`; the document is plain JSON. */
export function openapi(version: string, hubPath: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of allRoutes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Himalia', version, description: "The REST API of JupyterHub, and Himalia's additions to it." },
    servers: [{ url: hubPath }],
    security: [{ token: [] }],
    components: {
      securitySchemes: {
        token: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: '`token <token>` or `Bearer <token>`',
        },
      },
      schemas: { Error: ErrorBody },
    },
    paths,
  }
}

function operation(route: Route): Record<string, unknown> {
  return {
    operationId: route.id,
    description: [route.doc, access(route.access), route.notBuilt && `Not built yet: ${route.notBuilt}`]
      .filter(Boolean)
      .join('\n\n'),
    ...(route.access.kind === 'open' ? { security: [] } : {}),
    parameters: [
      ...paramNames(route.path).map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...Object.entries(route.query).map(([name, schema]) => ({ name, in: 'query', schema })),
    ],
    ...(route.body
      ? { requestBody: { required: !route.bodyOptional, content: { 'application/json': { schema: route.body } } } }
      : {}),
    responses: responses(route),
  }
}

function responses(route: Route): Record<string, unknown> {
  const failure = {
    description: 'It did not work; the body says why',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
  }
  if (route.notBuilt) return { 501: failure }
  const mediaType = route.kind === 'stream' ? 'text/event-stream' : 'application/json'
  const answer = (schema: TSchema | null) =>
    schema ? { description: 'Done', content: { [mediaType]: { schema } } } : { description: 'Done' }
  return {
    ...Object.fromEntries(Object.entries(route.answers).map(([status, schema]) => [status, answer(schema)])),
    default: failure,
  }
}

function access(access: Access): string {
  switch (access.kind) {
    case 'open':
      return 'Needs no credentials.'
    case 'credentials':
      return 'Needs any valid credentials.'
    case 'scopes':
    case 'rows':
      return `Scope: ${access.anyOf.map((scope) => `\`${scope}\``).join(' or ')}.`
  }
}
