import { errorCatalog } from '#base/errors.ts'

/** What pages refuse; the texts hold the same in the visitor's language under `error.<CODE>`. */
export const errors = errorCatalog({
  NOT_ALLOWED: { status: 403, message: () => 'You do not have the right to do this.' },
  SERVER_NOT_FOUND: { status: 404, message: () => 'There is no such server, or you may not use it.' },
  NO_PROFILE: { status: 403, message: () => 'No environment is offered to you.' },
  REDIRECT_LOOP: { status: 500, message: () => 'Redirect loop detected.' },
  FORM_INVALID: { status: 400, message: () => 'The form was sent in a shape that the hub does not understand.' },
  TOKEN_NOT_FOUND: { status: 404, message: () => 'There is no such token.' },
})
