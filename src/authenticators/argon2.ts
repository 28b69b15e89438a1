import { argon2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

export interface Cost {
  readonly memoryKiB: number
  readonly passes: number
}

/** As strong as OWASP asks for, at a sixth of the time that scrypt takes for as much: a whole class comes at nine. */
export const defaultCost: Cost = { memoryKiB: 19_456, passes: 2 }

const derive = promisify(argon2)
const hashBytes = 32
const most: Cost = { memoryKiB: 2 ** 21, passes: 64 }

/** In the form of the PHC, `$argon2id$v=19$m=…,t=…,p=1$salt$hash`: a hash keeps the cost that it was made with. */
export async function argon2Hash(password: string, salt: Buffer, cost: Cost): Promise<string> {
  const hash = await compute(password, salt, cost)
  return `$argon2id$v=19$m=${cost.memoryKiB},t=${cost.passes},p=1$${bare(salt)}$${bare(hash)}`
}

/** False for what is no such hash. */
export async function argon2Matches(password: string, stored: string): Promise<boolean> {
  const cost = costOf(stored)
  const [, , , , salt = '', hash = ''] = stored.split('$')
  const expected = Buffer.from(hash, 'base64')
  if (!cost || expected.length !== hashBytes) return false
  return timingSafeEqual(await compute(password, Buffer.from(salt, 'base64'), cost), expected)
}

export function costOf(stored: string): Cost | null {
  const [, memory, passes] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$[\w+/]{11,}\$[\w+/]{43}$/.exec(stored) ?? []
  const cost = { memoryKiB: Number(memory), passes: Number(passes) }
  const isCost =
    cost.memoryKiB >= 8 && cost.memoryKiB <= most.memoryKiB && cost.passes >= 1 && cost.passes <= most.passes
  return isCost ? cost : null
}

function compute(password: string, nonce: Buffer, { memoryKiB: memory, passes }: Cost): Promise<Buffer> {
  const message = password.normalize('NFC')
  return derive('argon2id', { message, nonce, parallelism: 1, tagLength: hashBytes, memory, passes })
}

const bare = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')
