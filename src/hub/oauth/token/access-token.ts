import { createHmac } from 'node:crypto'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const length = 30

/**
 * The token that a code gives. It follows from the code and the hub's secret, so that a code that comes a second time
 * tells which token to revoke, though neither is stored.
 */
export function accessTokenOf(code: string, secret: Buffer): string {
  const bytes = createHmac('sha512', secret).update(`oauth access token|${code}`).digest()
  return Array.from(bytes.subarray(0, length), (byte) => letters[byte % letters.length]).join('')
}
