/** How a cluster is reached, and as whom. */
export interface Access {
  /** `https://10.0.0.1:443`, no trailing slash. */
  readonly server: string
  /** The namespace that requests mean when they name none: the hub's own. */
  readonly namespace: string
  readonly tls: Tls
  /** The header `authorization`, asked for each request since tokens change; null: the certificate says who it is. */
  authorization(): Promise<string | null>
}

export interface Tls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly servername?: string
  readonly rejectUnauthorized: boolean
}
