import type { HubContext } from '../context.ts'
import type { ProxyClient } from '../proxy-client/index.ts'

/** What the servers' part of the hub is given. */
export interface ServersDeps
  extends Pick<
    HubContext,
    'store' | 'settings' | 'clock' | 'random' | 'log' | 'spawner' | 'hooks' | 'replica' | 'urls'
  > {
  readonly proxy: ProxyClient
  /** 32 bytes; seals the servers' tokens at rest. */
  readonly secret: Buffer
  /** Where the proxy reaches this hub: `http://127.0.0.1:8081`. */
  readonly hubTarget: string
}

/** Topics of notices: somebody shall look at a server's wish; something about a server changed. */
export const wishTopic = 'server-wish'
export const serverTopic = 'server'
