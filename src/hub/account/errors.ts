import { errorCatalog } from '#base/errors.ts'

export const accountErrors = errorCatalog({
  ACTION_UNKNOWN: { status: 400, message: () => 'The form is not one of this page.' },
  ACCOUNT_NOT_YOURS: {
    status: 403,
    message: () => 'The accounts of others are for administrators.',
    hint: 'The scope for it is admin:users.',
  },
  ACCOUNT_NOT_FOUND: { status: 404, message: (d: { name: string }) => `There is no user ${d.name}.` },
})
