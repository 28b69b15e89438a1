export { type ApiClient, apiClient, type ClientOptions, type ItemOf, statusOf } from './client.ts'
export { groupFields, serviceFields, userFields } from './fields.ts'
export * as models from './models.ts'
export { paginationMediaType } from './models.ts'
export { openapi } from './openapi.ts'
export { checkValue, parseJson } from './read-body.ts'
export { readQuery } from './read-query.ts'
export {
  type Access,
  type AnswerOf,
  type BodyOf,
  type Method,
  type ParamsOf,
  paramNames,
  type QueryOf,
  type Route,
} from './route.ts'
export { notBuiltList, routeTable } from './route-table.ts'
export { allRoutes, routes } from './routes/index.ts'
