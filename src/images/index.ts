/** Images from repositories: `himalia build`, `himalia image`, and repo2docker's command line. */
export { buildImage } from './build/build.ts'
export type { BuildRequest, BuildResult } from './build/request.ts'
export { buildCommand } from './commands/build/index.ts'
export { imageCommand } from './commands/image/index.ts'
export { repo2dockerCommand } from './commands/repo2docker/index.ts'
export type { Terminal } from './commands/terminal.ts'

import { errors } from './errors.ts'

/** Why a build ends that somebody no longer wants. */
export const cancelled = () => errors.BUILD_CANCELLED(undefined)
