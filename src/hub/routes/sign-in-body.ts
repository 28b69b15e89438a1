import { errors } from './errors.ts'

export async function signInBody(): Promise<never> {
  throw errors.NOT_BUILT({ sentence: 'x' })
}
