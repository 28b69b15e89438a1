/** Expanded scopes of a caller, e.g. `read:users:name!user=ada`; a bare base means all. */
export type Scopes = ReadonlySet<string>
