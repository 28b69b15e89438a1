/** Services that come with Himalia. They know the hub by its REST API only. */
export { type CullerDeps, type CullOptions, cull, cullerScopes, runCuller } from './culler/index.ts'
