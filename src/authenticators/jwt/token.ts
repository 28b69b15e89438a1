import type { JwtSettings } from '#config'
import type { Denial, Visit } from '../contract.ts'

const longest = 16 * 1024

/** From the header or the query, as jwtauthenticator takes it; from both at once it is refused. */
export function tokenOf(visit: Visit, options: JwtSettings): string | Denial {
  const header = options.headerName === '' ? null : visit.headers[options.headerName.toLowerCase()]
  const inQuery = options.paramName === '' ? null : visit.url.searchParams.get(options.paramName)
  const inHeader = typeof header === 'string' && header !== '' ? header : null
  if (inHeader !== null && inQuery !== null) return denied('There is a token in the header and one in the query.')
  const token = inHeader === null ? inQuery : bare(inHeader, options)
  if (!token) return denied(`There is no token in ${options.headerName} or ${options.paramName}.`)
  return token.length > longest ? denied('The token is too long.') : token
}

function bare(header: string, { headerIsAuthorization }: JwtSettings): string | null {
  if (!headerIsAuthorization) return header
  return /^bearer\s+(\S+)$/i.exec(header.trim())?.[1] ?? null
}

function denied(log: string): Denial {
  return {
    kind: 'denied',
    code: 'TOKEN_MISSING',
    message: 'You came without the token that says who you are.',
    hint: 'Open this hub from where you are signed in, such as the portal that leads to it.',
    log,
  }
}
