import { satisfies } from '@renovatebot/pep440'
import { errors } from '../../errors.ts'

/** Those for which there is a lock of Jupyter; older ones are kernels beside a newer server. */
const own = ['3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14']
const kernelOnly = ['2.7', '3.5', '3.6', '3.7']

export interface PythonChoice {
  /** Of the kernel, `x.y`. */
  readonly version: string
  /** Whether Jupyter itself runs on another one. */
  readonly isKernelOnly: boolean
}

/** `3`, `3.11` or `3.11.4` as a file writes it. */
export function choosePython(wanted: string, file: string, fallback: string): PythonChoice {
  const [major = '', minor] = wanted.split('.')
  const version = minor === undefined ? ({ '2': '2.7', '3': fallback }[major] ?? wanted) : `${major}.${minor}`
  if (own.includes(version)) return { version, isKernelOnly: false }
  if (kernelOnly.includes(version)) return { version, isKernelOnly: true }
  throw errors.PYTHON_VERSION_UNKNOWN({ version: wanted, file, known: [...kernelOnly, ...own].join(', ') })
}

/** The default where it fits the specifier, else the newest that does; null when none does. */
export function fittingPython(specifier: string, preferred: string): string | null {
  const fits = (version: string) => satisfies(version, specifier)
  return fits(preferred) ? preferred : (own.findLast(fits) ?? null)
}

/** The lock of Jupyter for a Python. */
export const jupyterLock = (version: string) =>
  `jupyter/${version === '3.8' || version === '3.9' ? version : '3.10'}.txt`
