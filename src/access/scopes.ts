import type { Entity } from './parse-scope.ts'

/** Expanded scopes of a caller, e.g. `read:users:name!user=ada`; a bare base means all. */
export type Scopes = ReadonlySet<string>

/** What a request is about. The name of a server is `user/server`, that of a default server `user/`. */
export interface Target {
  readonly kind: Entity
  readonly name: string
}

/** The groups of a user by name; whoever decides has looked them up before. */
export type Membership = (userName: string) => readonly string[]

export const noMembership: Membership = () => []

export function ownerOfServer(server: string): string {
  return server.slice(0, server.indexOf('/'))
}
