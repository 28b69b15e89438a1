import type { Migration } from '../migrations.ts'

/** The last of somebody's sign-ins is looked for among everything that was ever done. */
export const auditByTarget: Migration = {
  version: 5,
  readableBy: 1,
  statements: () => [
    'create index audit_by_target on audit (target, id)',
    'create index audit_by_action on audit (action, id)',
  ],
}
