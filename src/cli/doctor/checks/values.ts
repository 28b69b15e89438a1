/** Whether the hubs that run took the last change of the values. */
import type { Finding } from '../finding.ts'
import { findings } from '../findings.ts'
import type { Sight } from '../sight.ts'

export function values({ reloads }: Sight): readonly Finding[] {
  return [...reloads].flatMap(([pod, { refused, waiting }]) => {
    const about = `pod/${pod}`
    if (refused !== null) return [findings.VALUES_REFUSED({ about, log: refused.split('\n') })]
    return waiting.length > 0 ? [findings.VALUES_WAIT({ about, keys: waiting.join(', ') })] : []
  })
}
