export {
  type AttemptState,
  attemptState,
  browserHash,
  type NewAttempt,
  type StoredAttempt,
  saveAttempt,
  takeAttempt,
} from './attempts.ts'
export { type AuditEntry, type AuditRow, lastAudit, recordAudit } from './audit.ts'
export {
  addServerEvent,
  addServerEventUnder,
  type NewServerEvent,
  type ServerEventKind,
  type ServerEventRow,
  serverEventsAfter,
  trimServerEvents,
} from './events.ts'
export { addFailure, clearFailures, type FailureCount, failuresOf } from './failures.ts'
export {
  addMembers,
  createGroup,
  deleteGroup,
  findGroup,
  type GroupQuery,
  type GroupRow,
  type GroupWithAll,
  groupsOf,
  groupsOfUsers,
  pageOfGroups,
  removeMembers,
  setGroupProperties,
  setGroupsOf,
} from './groups.ts'
export {
  claimRefresh,
  findIdentity,
  type IdentityRow,
  identitiesOfUser,
  type SeenIdentity,
  saveIdentity,
} from './identities.ts'
export { fromJson, toJson } from './json.ts'
export { acquireLease, type LeaseClaim, releaseLease } from './leases.ts'
export { createSignInLink, type NewSignInLink, signInLinkState, takeSignInLink } from './links.ts'
export {
  deleteOauthClient,
  findOauthClient,
  type NewCode,
  type OauthClientDefinition,
  type OauthClientRow,
  type OauthCodeRow,
  saveCode,
  saveOauthClient,
  takeCode,
} from './oauth.ts'
export { clientTarget } from './oauth-target.ts'
export { firstTime } from './once.ts'
export { openStore } from './open.ts'
export {
  type AccountRow,
  adminHasPassword,
  approve,
  awaitingApproval,
  deletePassword,
  findPassword,
  type NewPassword,
  type PasswordRow,
  savePassword,
  usersWithPasswords,
} from './passwords.ts'
export {
  allRoles,
  assignRole,
  deleteRole,
  findRole,
  holdersOf,
  type RoleAssignment,
  type RoleDefinition,
  type RoleHolder,
  type RoleRow,
  rolesOf,
  rolesOfService,
  saveDefaultRoles,
  saveRole,
  setHolders,
  withdrawRole,
} from './roles.ts'
export {
  deleteSecondFactor,
  findSecondFactor,
  type SecondFactorRow,
  saveSecondFactor,
  setRecoveryCodes,
  takeRecoveryCode,
} from './second-factors.ts'
export { admitServers, queueOrder } from './server-queue.ts'
export {
  claimServers,
  countActiveServers,
  createServer,
  deleteOauthClientsOfServer,
  deleteServer,
  describeServer,
  findServer,
  makeDueIfReady,
  never,
  type Observed,
  type RoutedServer,
  recordActivity,
  releaseLeases,
  renewLeases,
  type SeenActivity,
  type ServerLease,
  type ServerPhase,
  type ServerRow,
  type StoredServer,
  serverById,
  serverPhases,
  serverRow,
  serversInPhase,
  serversOfUser,
  serversWithRoutes,
  takeNote,
  wishRunning,
  wishStopped,
  writeAndRelease,
  writeObserved,
} from './servers.ts'
export {
  allServices,
  deleteService,
  findService,
  type ServiceDefinition,
  type ServiceRow,
  saveService,
  serviceById,
} from './services.ts'
export {
  createSession,
  deleteSession,
  findSession,
  type NewSession,
  type SessionOrigin,
  type SessionRow,
  sessionsFrom,
  sessionsOfUser,
  touchSession,
} from './sessions.ts'
export type * from './store.ts'
export type * from './tables.ts'
export { chosenRounds, generatedRounds, hashToken, matchesHash, newSalt, newTokenSecret } from './token-hash.ts'
export {
  builtInClient,
  createToken,
  deleteToken,
  deleteTokensOfClient,
  deleteTokensOfServer,
  deleteTokensOfSession,
  findToken,
  type NewToken,
  purgeExpired,
  type TokenOwner,
  type TokenRow,
  type TokenWithClient,
  tokenById,
  tokensOfUser,
  touchToken,
} from './tokens.ts'
export { atomically } from './transaction.ts'
export {
  createUser,
  createUsers,
  deleteUser,
  encryptedAuthState,
  findUser,
  giveDefaultRoles,
  idsOfUsers,
  type NewUser,
  renameUser,
  saveEncryptedAuthState,
  setAdmin,
  setUserInfo,
  touchUser,
  type UserPulse,
  type UserRow,
  userByCookieId,
  userById,
  userPulse,
} from './users.ts'
export { type UserPage, UserPages, type UserQuery, type UserSort, type UserWithAll, userWithAll } from './users-page.ts'
