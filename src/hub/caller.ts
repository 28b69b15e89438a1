/** Who makes a request, and what they may do: the outcome of looking at its token or cookies. */
import type { Scopes } from '#access'

export type Caller =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'user'
      readonly userId: number
      readonly name: string
      readonly admin: boolean
      /** Expanded and effective. */
      readonly scopes: Scopes
      readonly groups: readonly string[]
      readonly via: 'cookie' | 'token'
      readonly tokenId: number | null
      /** The id of the browser session, where the request belongs to one. */
      readonly sessionId: string | null
    }
  | {
      readonly kind: 'service'
      readonly serviceId: number
      readonly name: string
      readonly scopes: Scopes
      readonly via: 'token'
      readonly tokenId: number
      readonly sessionId: null
    }
