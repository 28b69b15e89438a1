import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether an Authorization header carries the token, as `token <t>` or `Bearer <t>`; takes the same time for any guess. */
export function tokenCheck(token: string): (authorization: string | undefined) => boolean {
  const expected = digest(token)
  return (authorization) => {
    const [, given] = /^(?:token|bearer)[ \t]+(\S+)[ \t]*$/i.exec(authorization ?? '') ?? []
    return given !== undefined && timingSafeEqual(digest(given), expected)
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
