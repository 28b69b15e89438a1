import { allRoutes } from '#api'
import { errors } from './errors.ts'
import type { Part } from './index.ts'
import { serve } from './serve.ts'

/** Routes of the contract that answer 501, with the sentence that says what is missing. */
export function notBuiltRoutes(part: Part): void {
  for (const route of allRoutes.filter(({ notBuilt }) => notBuilt !== null)) {
    serve(part, route, async () => {
      throw errors.NOT_BUILT({ sentence: route.notBuilt! })
    })
  }
}
