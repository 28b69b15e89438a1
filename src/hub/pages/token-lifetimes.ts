import type { Text } from './texts/language.ts'

export interface TokenLifetime {
  /** 0: without end. */
  readonly seconds: number
  readonly label: string
}

const day = 86_400

/** The choices of the token page; `maxSeconds` 0 means that there is no cap. */
export function tokenLifetimes(maxSeconds: number, t: Text): readonly TokenLifetime[] {
  const usual: readonly TokenLifetime[] = [
    { seconds: 3600, label: t('token.hour') },
    { seconds: day, label: t('token.day') },
    { seconds: 7 * day, label: t('token.week') },
    { seconds: 30 * day, label: t('token.month') },
    { seconds: 365 * day, label: t('token.year') },
  ]
  if (maxSeconds === 0) return [...usual, { seconds: 0, label: t('token.never') }]
  const allowed = usual.filter(({ seconds }) => seconds <= maxSeconds)
  if (allowed.at(-1)?.seconds === maxSeconds) return allowed
  return [...allowed, { seconds: maxSeconds, label: t('token.max', { days: Number((maxSeconds / day).toFixed(2)) }) }]
}
