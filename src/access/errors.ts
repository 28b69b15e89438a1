import { errorCatalog } from '#base/errors.ts'

export const errors = errorCatalog({
  SCOPE_UNKNOWN: { status: 400, message: (d: { scope: string }) => `There is no scope "${d.scope}".` },
  SCOPE_ALL: {
    status: 400,
    message: () => 'The scope "all" is not valid any more.',
    hint: 'For a token with everything its owner may do, write "inherit".',
  },
  SCOPE_FILTER_INVALID: {
    status: 400,
    message: (d: { scope: string }) => `The filter of scope "${d.scope}" is not one of user, group, server or service.`,
    hint: 'Write base!user=name, base!group=name, base!server=user/server or base!service=name.',
  },
  SCOPES_NOT_HELD: {
    status: 400,
    message: (d: { scopes: readonly string[] }) =>
      `Not assigning requested scopes ${d.scopes.join(', ')}: their owner does not hold them.`,
  },
  CUSTOM_SCOPE_INVALID: {
    status: 400,
    message: (d: { scope: string; reason: string }) => `The custom scope "${d.scope}" can't be defined: ${d.reason}.`,
  },
  ROLE_NAME_INVALID: {
    status: 400,
    message: (d: { name: string }) => `"${d.name}" can't be the name of a role.`,
    hint: 'Use 3 to 255 of a–z, 0–9, - _ ~ and ., with a letter first and a letter or digit last.',
  },
})
