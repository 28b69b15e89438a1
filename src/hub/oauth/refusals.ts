import type { HimaliaError } from '#base/errors.ts'
import { protocolErrors } from './errors.ts'

export function refuseParameter(name: string): HimaliaError {
  return protocolErrors.OAUTH_INVALID_REQUEST({
    why: `The parameter ${name} must be given once, and not be longer than usual.`,
  })
}

export function missing(name: string): HimaliaError {
  return protocolErrors.OAUTH_INVALID_REQUEST({ why: `The parameter ${name} is missing.` })
}
