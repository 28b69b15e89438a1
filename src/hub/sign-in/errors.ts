import { errorCatalog } from '#base/errors.ts'

/** Of rules: whom they take, and whom to ask. `log` goes to the log. */
interface Facts {
  readonly name: string
  readonly wants: string
  readonly contact: string
  readonly log: string
}

/** Why somebody who proved who they are may not enter, or could not be asked. Shown above the form. */
export const errors = errorCatalog({
  USER_NAME_INVALID: {
    status: 403,
    message: (d: { name: string; why: string }) => `"${d.name}" can't be a user name here: ${d.why}.`,
    hint: 'Ask an administrator of the hub, who can map it to another name with Authenticator.username_map.',
  },
  USER_BLOCKED: {
    status: 403,
    message: (d: { name: string }) => `The user ${d.name} is blocked on this hub.`,
    hint: 'Ask an administrator of the hub; the rule is Authenticator.blocked_users.',
  },
  NO_RULE_ALLOWS: {
    status: 403,
    message: (d: Facts) => `You are who you say, but no rule lets ${d.name} into this hub. It takes: ${d.wants}.`,
    hint: 'Ask an administrator of the hub.',
  },
  NO_RULE_AT_ALL: {
    status: 403,
    message: (d: Facts) => `You are who you say, but no rule lets ${d.name} into this hub: it has none yet.`,
    hint:
      'Ask an administrator of the hub to add the name to hub.config.Authenticator.allowed_users, ' +
      'or to set allow_all there, which lets everybody in.',
  },
  NOT_ALLOWED_HERE: { status: 403, message: (d: Facts & { message: string }) => d.message },
  CREDENTIALS_INVALID: { status: 403, message: () => 'Invalid username or password' },
  SECOND_FACTOR_NEEDED: {
    status: 403,
    message: (d: { userId: number; name: string }) => `${d.name} has a second factor, which is asked for next.`,
  },
  AUTH_EXPIRED: {
    status: 403,
    message: () => 'Your sign-in does not hold any more.',
    hint: 'Sign in again, then start the server.',
  },
  IDENTITY_TAKEN: {
    status: 403,
    message: (d: { name: string; way: string; log: string }) =>
      `The account ${d.name} of this hub belongs to somebody else, or you signed in another way before.`,
    hint: 'Sign in as you did before, or ask an administrator of the hub to link the two.',
  },
  ATTEMPT_MISSING: {
    status: 500,
    message: (d: { way: string }) => `The authenticator ${d.way} lets somebody in without an attempt.`,
  },
  REFUSED_BY_HOOK: {
    status: 403,
    message: (d: { name: string }) => `You are who you say, but this hub does not let ${d.name} in.`,
    hint: 'Ask an administrator of the hub; the rule is code of their own (the hook postAuth).',
  },
  TOO_MANY_ATTEMPTS: {
    status: 429,
    message: (d: { retryAfterSeconds: number }) =>
      `Too many attempts to sign in failed. Try again in ${d.retryAfterSeconds} second${d.retryAfterSeconds === 1 ? '' : 's'}.`,
  },
  SIGN_UP_OFF: {
    status: 404,
    message: () => 'There is no sign-up on this hub.',
    hint: 'Ask an administrator for an account.',
  },
  SIGN_UP_ADMINS_ONLY: {
    status: 403,
    message: () => 'Only administrators may approve sign-ups.',
    hint: 'The scope for it is admin:users.',
  },
  SIGN_INS_ADMINS_ONLY: {
    status: 403,
    message: () => 'Only administrators may see who signed in.',
    hint: 'The scope for it is admin:users.',
  },
  SIGN_UP_UNKNOWN: {
    status: 404,
    message: (d: { name: string }) => `No sign-up of "${d.name}" waits for a decision.`,
  },
  PASSWORD_UNFIT: { status: 400, message: (d: { why: string }) => d.why },
})
