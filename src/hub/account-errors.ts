import { errorCatalog } from '#base/errors.ts'

export const errors = errorCatalog({
  NO_PASSWORDS: {
    status: 400,
    message: (d: { classes: readonly string[] }) =>
      `The hub keeps no passwords: people sign in with ${d.classes.join(', ') || 'the link that the start prints'}.`,
    hint: 'Passwords of its own are for hub.config.JupyterHub.authenticator_class: native or firstuse.',
  },
  ACCOUNT_EXISTS: {
    status: 409,
    message: (d: { name: string }) => `There is a user ${d.name} already.`,
    hint: '`himalia user password NAME` sets their password, `himalia user admin NAME` makes them an administrator.',
  },
  NO_PASSWORD_LINE: {
    status: 400,
    message: (d: { line: number }) =>
      `Line ${d.line} is no user name with the hash of a password: nothing was taken over.`,
    hint: 'Each line is NAME:HASH, with a hash of bcrypt ($2b$…), or as a hub of Himalia keeps them.',
  },
  ACCOUNT_UNKNOWN: {
    status: 404,
    message: (d: { name: string }) => `There is no user ${d.name}.`,
    hint: '`himalia user list` shows the users, `himalia user add NAME` adds one.',
  },
})
