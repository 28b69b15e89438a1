import { protocolErrors } from '../errors.ts'
import { type Given, parameter } from '../parameters.ts'
import { missing, refuseParameter } from '../refusals.ts'

/** Errors: OAUTH_INVALID_REQUEST, OAUTH_UNSUPPORTED_RESPONSE_TYPE. */
export function checkResponseType(given: Given): void {
  const type = parameter(given, 'response_type', refuseParameter)
  if (type === undefined) throw missing('response_type')
  if (type !== 'code') throw protocolErrors.OAUTH_UNSUPPORTED_RESPONSE_TYPE(undefined)
}
