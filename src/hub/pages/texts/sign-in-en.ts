/** What people read who are not let in, and on the way in, in English. `hint.` says what to do. */
export const signInEnglish = {
  'post-on.title': 'Signing in',
  'post-on.text': 'Your institution is being asked who you are.',
  'post-on.button': 'Go on',

  'error.CREDENTIALS_INVALID': 'Invalid username or password',
  'error.TOO_MANY_ATTEMPTS': 'Too many attempts to sign in failed. Seconds to wait: {retryAfterSeconds}.',
  'error.USER_NAME_INVALID': '"{name}" can\'t be a user name here: {why}.',
  'hint.USER_NAME_INVALID': 'Ask an administrator of the hub, who can map it to another name.',
  'error.USER_BLOCKED': 'The user {name} is blocked on this hub.',
  'hint.USER_BLOCKED': 'Ask an administrator of the hub.',
  'error.ATTEMPT_UNKNOWN': 'This is no answer to a sign-in that was begun here.',
  'hint.ATTEMPT_UNKNOWN': 'Begin again here.',
  'error.ATTEMPT_USED': 'This sign-in was finished already.',
  'hint.ATTEMPT_USED': 'Begin again here.',
  'error.ATTEMPT_EXPIRED': 'This sign-in took too long.',
  'hint.ATTEMPT_EXPIRED': 'Begin again here.',
  'error.ATTEMPT_FOREIGN': 'This sign-in was begun in another browser, or this one has lost its cookies.',
  'hint.ATTEMPT_FOREIGN': 'Allow cookies for this page, and begin again here.',
  'error.NO_FORM': 'There is no form to sign in with here.',
} as const
