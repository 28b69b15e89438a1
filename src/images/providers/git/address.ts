import { errors } from '../../errors.ts'

const schemes = ['http', 'https', 'ssh', 'git', 'git+ssh', 'file']

/** What git would understand as an option, or as a program to run, never reaches it. */
export function refuseAddress(source: string, ref: string | null): void {
  const refuse = (why: string): never => {
    throw errors.REPOSITORY_ADDRESS_REFUSED({ source: JSON.stringify(source), why })
  }
  if (source.trim() === '') refuse('it is empty')
  if (source.startsWith('-')) refuse('it begins with a dash')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0020\u007f]/.test(source)) refuse('it holds a space or a control character')
  const helper = /^([A-Za-z0-9+.-]+)::/.exec(source)
  if (helper) refuse(`${helper[1]}:: would run a program of this machine`)
  const [, scheme] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(source) ?? []
  if (scheme && !schemes.includes(scheme.toLowerCase())) refuse(`${scheme}:// is no way to fetch a repository`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (ref !== null && (ref.startsWith('-') || ref === '' || /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{/.test(ref)))
    throw errors.REPOSITORY_REF_NOT_FOUND({ ref, source })
}
