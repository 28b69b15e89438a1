/**
 * What a plain scalar means, as Helm reads it (Go's YAML 1.1): `yes` and `off` are switches, `0644` is octal, `1_000` a
 * number; dates and `12:30` stay texts.
 */
const switches: Readonly<Record<string, boolean>> = Object.fromEntries([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true]),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false]),
])
const nothing = new Set(['', '~', 'null', 'Null', 'NULL'])
const float = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/
const infinite = /^([-+]?)\.(inf|Inf|INF)$/

export function resolvePlain(written: string): string | number | boolean | null {
  const isSwitch = Object.hasOwn(switches, written) ? switches[written] : undefined
  if (isSwitch !== undefined) return isSwitch
  if (nothing.has(written)) return null
  if (!/^[-+.\d]/.test(written)) return written
  return resolveNumber(written) ?? written
}

function resolveNumber(written: string): number | null {
  const [, sign] = infinite.exec(written) ?? []
  if (sign !== undefined) return sign === '-' ? -Infinity : Infinity
  if (/^\.(nan|NaN|NAN)$/.test(written)) return Number.NaN
  const digits = written.replaceAll('_', '')
  const whole = resolveInteger(digits)
  if (whole !== null) return whole
  if (!float.test(digits)) return null
  const value = Number(digits)
  return Number.isFinite(value) ? value : null
}

/** A leading 0 means octal; 0x, 0o and 0b are read, too. */
function resolveInteger(digits: string): number | null {
  const [, sign, body = ''] = /^([-+]?)(0x[\da-fA-F]+|0b[01]+|0o?[0-7]+|0|[1-9]\d*)$/.exec(digits) ?? []
  if (sign === undefined) return null
  const value = /^0[0-7]/.test(body) ? Number.parseInt(body, 8) : Number(body)
  return sign === '-' ? -value : value
}
