/**
 * Looks the names of upstreams up, and while names can't be looked up takes the addresses that they had: a name server
 * that is away for a minute takes nobody's hub away.
 */
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'

type Callback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number | undefined,
) => void
type Lookup = (name: string, options: LookupOptions, callback: Callback) => void

/** Names come from the hub's routes; more than these are not kept. */
const most = 1_000

export function remembering(find: Lookup): Lookup {
  const known = new Map<string, [address: string | LookupAddress[], family?: number | undefined]>()
  return (name, options, callback) => {
    const key = `${name} ${options.family ?? 0} ${options.all ?? false}`
    find(name, options, (error, address, family) => {
      const before = known.get(key)
      if (error && before) return callback(null, ...before)
      if (!error && known.size < most) known.set(key, [address, family])
      return callback(error, address, family)
    })
  }
}

// Safe: Node's declaration has one signature for each option that decides what is given to the callback.
export const lookupOrRemember = remembering(lookup as unknown as Lookup)
