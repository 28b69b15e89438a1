/** Which known word somebody meant. */

/** The nearest of the known words, or null when none is near. Case, `_` and `-` do not count. */
export function nearest(word: string, known: Iterable<string>): string | null {
  let best: string | null = null
  let least = Number.POSITIVE_INFINITY
  const wanted = simple(word)
  const most = Math.min(3, Math.max(1, Math.floor(wanted.length / 3)))
  for (const candidate of known) {
    const distance = editDistance(wanted, simple(candidate), most)
    if (distance <= most && distance < least) {
      best = candidate
      least = distance
    }
  }
  return best
}

/** The known word that differs only in case, `_` and `-`, as `start_timeout` and `startTimeout` do. */
export function sameWord(word: string, known: Iterable<string>): string | null {
  const wanted = simple(word)
  for (const candidate of known) if (simple(candidate) === wanted) return candidate
  return null
}

export function simple(word: string): string {
  return word.toLowerCase().replace(/[_\-\s]/g, '')
}

/** Insertions, deletions, replacements and swaps of neighbours; more than `most` is not counted further. */
export function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwap ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
