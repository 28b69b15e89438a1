import { flag, integer } from '../schema/kinds.ts'
import { trait } from './table.ts'

/** What stops idle servers; written as cull.*. The defaults here are the culler's own, for a key set to null. */
export const idleCuller = {
  enabled: trait(flag(), { default: false, setting: 'enabled', description: 'Idle servers are stopped.' }),
  timeout: trait(integer({ minimum: 0, unit: 'seconds' }), {
    default: 600,
    setting: 'timeoutSeconds',
    description: 'How long a server may be idle.',
  }),
  every: trait(integer({ minimum: 0, unit: 'seconds' }), {
    default: 0,
    setting: 'everySeconds',
    description: 'How often idle servers are looked for; 0: half the timeout.',
  }),
  max_age: trait(integer({ minimum: 0, unit: 'seconds' }), {
    default: 0,
    setting: 'maxAgeSeconds',
    description: 'The longest life of a server, idle or not; 0: no limit.',
  }),
  concurrency: trait(integer({ minimum: 0 }), {
    default: 10,
    setting: 'concurrency',
    description: 'How many servers are stopped at once.',
  }),
  users: trait(flag(), { default: false, setting: 'users', description: 'Idle users are deleted, too.' }),
  admin_users: trait(flag(), {
    default: true,
    setting: 'adminUsers',
    description: "Administrators' servers are stopped, too.",
  }),
  remove_named_servers: trait(flag(), {
    default: false,
    setting: 'removeNamedServers',
    description: 'A stopped named server is removed.',
  }),
}
