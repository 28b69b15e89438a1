import type { AttemptProblem, Denial } from './contract.ts'

const denials: Readonly<Record<AttemptProblem['kind'], Omit<Denial, 'kind'>>> = {
  unknown: {
    code: 'ATTEMPT_UNKNOWN',
    message: 'This is no answer to a sign-in that was begun here.',
    log: 'state is unknown: a forged or very old answer',
  },
  used: {
    code: 'ATTEMPT_USED',
    message: 'This sign-in was finished already.',
    log: 'state was used before: reload, back button or replay',
  },
  expired: { code: 'ATTEMPT_EXPIRED', message: 'This sign-in took too long.', log: 'state has expired' },
  foreign: {
    code: 'ATTEMPT_FOREIGN',
    message: 'This sign-in was begun in another browser, or this one has lost its cookies.',
    log: 'state belongs to another browser: cookies blocked, or a forged sign-in',
  },
}

const hint = 'Begin again here.'

/** What the person is told whose attempt can't be taken. */
export function attemptDenial({ kind }: AttemptProblem): Denial {
  return { kind: 'denied', hint, ...denials[kind] }
}
