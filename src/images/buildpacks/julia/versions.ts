/** Version ranges as a Project.toml has them. */
import { errors } from '../../errors.ts'

type Version = readonly number[]
interface Range {
  readonly from: Version
  readonly below: Version | null
}

const parts = (text: string): Version => text.split('.').map(Number)
const compare = (a: Version, b: Version) => [0, 1, 2].map((i) => (a[i] ?? 0) - (b[i] ?? 0)).find((d) => d !== 0) ?? 0

/** The newest release that a range allows; pre-releases never count. */
export function newestFitting(wanted: string, versions: readonly string[], file: string): string {
  const allowed = rangeOf(wanted, file)
  const fitting = versions
    .filter((version) => /^\d+\.\d+\.\d+$/.test(version))
    .filter((version) => contains(allowed, parts(version)))
    .sort((a, b) => compare(parts(a), parts(b)))
  const newest = fitting.at(-1)
  if (!newest) throw errors.VERSION_NOT_FOUND({ what: 'release of Julia', wanted })
  return newest
}

export function contains({ from, below }: Range, version: Version): boolean {
  return compare(version, from) >= 0 && (below === null || compare(version, below) < 0)
}

/** `1.6`, `^0.2.3`, `~1.2`, `=1.3.0`, `>=1.4`, `≤ 1.9`. */
export function rangeOf(text: string, file = 'Project.toml'): Range {
  const [, operator = '', version = ''] = /^\s*(\^|~|=|>=|<=|<|>|≥|≤)?\s*v?(\d+(?:\.\d+){0,2})\s*$/.exec(text) ?? []
  if (version === '')
    throw errors.FILE_INVALID({ file, why: `has a version of Julia that can't be understood: "${text}"` })
  const at = parts(version)
  const next = (index: number) => [...[0, 1, 2].slice(0, index).map((i) => at[i] ?? 0), (at[index] ?? 0) + 1]
  switch (operator) {
    case '=':
      return { from: at, below: next(2) }
    case '>=':
    case '≥':
      return { from: at, below: null }
    case '>':
      return { from: next(2), below: null }
    case '<':
      return { from: [0], below: at }
    case '<=':
    case '≤':
      return { from: [0], below: next(2) }
    case '~':
      return { from: at, below: next(tildeIndex(at)) }
    default:
      return { from: at, below: next(caretIndex(at)) }
  }
}

/** Up to the left-most number that is not zero. */
function caretIndex(at: Version): number {
  const index = at.findIndex((part) => part !== 0)
  return index === -1 ? at.length - 1 : index
}

function tildeIndex(at: Version): number {
  if (at.length === 1) return 0
  return at.length === 3 && at[0] === 0 && at[1] === 0 ? 2 : 1
}
