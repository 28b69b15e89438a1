import { protocolErrors } from '../errors.ts'
import { type Given, parameter } from '../parameters.ts'
import { missing, refuseParameter } from '../refusals.ts'

/** Errors: OAUTH_INVALID_REQUEST, OAUTH_UNSUPPORTED_GRANT_TYPE. */
export function checkGrantType(given: Given): void {
  const type = parameter(given, 'grant_type', refuseParameter)
  if (type === undefined) throw missing('grant_type')
  if (type !== 'authorization_code') throw protocolErrors.OAUTH_UNSUPPORTED_GRANT_TYPE(undefined)
}
