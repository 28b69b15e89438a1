/** What goes into each image of ours. */
export interface Recipe {
  readonly name: 'hub' | 'proxy'
  /** Folders of the clone. */
  readonly folders: readonly string[]
  /** Packages of npm, with all that they need; null: everything that the program needs. */
  readonly packages: readonly string[] | null
}

export const recipes: readonly Recipe[] = [
  { name: 'hub', folders: ['src', 'web'], packages: null },
  {
    name: 'proxy',
    folders: ['src/base', 'src/cli', 'src/kube', 'src/proxy'],
    packages: ['acme-client', 'pino', 'undici', 'yaml'],
  },
]
