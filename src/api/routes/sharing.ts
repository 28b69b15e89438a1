/** Shares and share codes: known, not built yet. */
import { Type } from 'typebox'
import { type Method, needs, type Route, route } from '../route.ts'

const anything = Type.Record(Type.String(), Type.Unknown())
const notBuilt = 'Sharing servers is not built yet.'

const paths: readonly [methods: readonly Method[], path: string, read: string, write: string][] = [
  [['GET'], '/groups/{group}/shared', 'read:groups:shares', 'groups:shares'],
  [['GET', 'DELETE'], '/groups/{group}/shared/{owner}/{server}', 'read:groups:shares', 'groups:shares'],
  [['GET'], '/users/{user}/shared', 'read:users:shares', 'users:shares'],
  [['GET', 'DELETE'], '/users/{user}/shared/{owner}/{server}', 'read:users:shares', 'users:shares'],
  [['GET'], '/shares/{user}', 'read:shares', 'shares'],
  [['GET', 'POST', 'PATCH', 'DELETE'], '/shares/{user}/{server}', 'read:shares', 'shares'],
  [['GET'], '/share-codes/{user}', 'read:shares', 'shares'],
  [['GET', 'POST', 'DELETE'], '/share-codes/{user}/{server}', 'read:shares', 'shares'],
]

export const sharingRoutes: readonly Route[] = paths.flatMap(([methods, path, read, write]) =>
  methods.map((method) =>
    route({
      id: `${method.toLowerCase()}${path.replaceAll(/[^a-z]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`,
      method,
      path,
      access: needs(method === 'GET' ? read : write),
      answers: { 200: anything },
      doc: 'Shares of a server.',
      notBuilt,
    }),
  ),
)
