import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The clone. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** What the set-up makes in the clone, but `node_modules`; may be deleted at any time. */
export const made = join(root, '.himalia')
