import { dirname, join } from 'node:path'
import { addressesOf, chooseNumber } from './addresses.ts'

/** The clone. */
export const root = dirname(dirname(import.meta.dirname))

const made = join(root, '.himalia', 'cluster')

/** What the set-up built from Go modules. */
export const programs = join(made, 'bin')

/** The storage of the registry, with the images that the set-up built. */
export const images = join(made, 'registry')

export const addresses = addressesOf(chooseNumber(root))

/** All that the cluster of this clone writes; goes with `down`. */
export const state = join(made, addresses.name)
export const pki = join(state, 'pki')
export const logs = join(state, 'log')

/** For an administrator, from anywhere on this machine. */
export const adminConfig = join(pki, 'admin.conf')
