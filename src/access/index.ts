export { checkCustomScopes } from './custom-scopes.ts'
export {
  accessScopes,
  checkHeld,
  identifyScopes,
  type OwnerQuestion,
  ownerScopes,
  scopesNotHeld,
  type TokenQuestion,
  tokenScopes,
} from './effective.ts'
export { expandScopes, type Owner, reduceScopes } from './expand.ts'
export { type Filters, hasScope, hasScopeSomewhere, scopeFilters } from './has-scope.ts'
export { intersectScopes, usersNamed } from './intersect.ts'
export { checkScopes, type Entity, formatScope, type ParsedScope, parseScope } from './parse-scope.ts'
export { checkRoleName, maxRoleDescription, type Role, roleDefaults } from './roles.ts'
export { type CustomScopes, type Scope, type ScopeEntry, scopeEntry, scopeTable } from './scope-table.ts'
export { type Membership, noMembership, ownerOfServer, type Scopes, type Target } from './scopes.ts'
