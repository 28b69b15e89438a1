import { createHash, timingSafeEqual } from 'node:crypto'

/** Takes the same time whatever is wrong with it, its length too. */
export function isSameText(sent: string, expected: string): boolean {
  const [left, right] = [sent, expected].map((text) => createHash('sha256').update(text).digest())
  return timingSafeEqual(left!, right!)
}
