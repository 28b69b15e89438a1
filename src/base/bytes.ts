const factors: Record<string, number> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 }

/**
 * Bytes of a memory size as JupyterHub writes it: a number, or a number with K, M, G or T (all 1024-based, as its
 * ByteSpecification has it). Returns null when the text is no such size. Example: `1.5G` → 1610612736.
 */
export function parseBytes(size: number | string): number | null {
  if (typeof size === 'number') return Number.isFinite(size) && size >= 0 ? Math.round(size) : null
  const [, digits, suffix = ''] = /^(\d+(?:\.\d+)?|\.\d+)([KMGT]?)$/.exec(size.trim()) ?? []
  return digits === undefined ? null : Math.round(Number(digits) * (factors[suffix] ?? 1))
}

/** `1.5 GiB`, for people. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1)
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${units[power]}`
}
