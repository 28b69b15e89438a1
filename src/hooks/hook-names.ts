/** What may be exported, and whether more than one piece of code may have it. */
export const hookNames = {
  preSpawn: { sort: 'function', isShared: true },
  postStop: { sort: 'function', isShared: true },
  modifyPod: { sort: 'function', isShared: true },
  postAuth: { sort: 'function', isShared: true },
  authStateToEnvironment: { sort: 'function', isShared: true },
  profileList: { sort: 'function', isShared: false },
  optionsForm: { sort: 'function', isShared: false },
  optionsFromForm: { sort: 'function', isShared: false },
  authenticator: { sort: 'object', isShared: false },
} as const

/** What only Python has: what it makes of the spawner before the user's choice is applied, and of a sign-in that aged. */
export const pythonHooks = ['prepareSpawner', 'refreshUser'] as const

export type HookName = keyof typeof hookNames | (typeof pythonHooks)[number]
