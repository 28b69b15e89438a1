import { isIP } from 'node:net'
import { readBytes, readCpu } from './convert.ts'

/** Checks that a JSON Schema can't express, by the name that a kind gives: null, or what is expected. */
export const formats: Readonly<Record<string, (text: string) => string | null>> = {
  bytes: (text) => (readBytes(text) === null ? 'a memory size such as 512M, 1.5G or 2Gi' : null),
  cpu: (text) => (readCpu(text) === null ? 'a number of cores such as 0.5, 2 or 500m' : null),
  quantity: (text) =>
    /^[+-]?(\d+(\.\d*)?|\.\d+)(m|k|M|G|T|P|E|[KMGTPE]i|[eE][+-]?\d+)?$/.test(text) ? null : 'a size such as 10Gi',
  url: (text) =>
    URL.canParse(text) && /^[a-z][a-z0-9+.-]*:/i.test(text) ? null : 'an address such as https://hub.example.org/',
  'base-path': (text) => (/^[^?#\s]*$/.test(text) && !text.includes('://') ? null : 'a path such as /jupyter/'),
  regex: (text) => (pythonRegex(text) ? null : 'a regular expression'),
  address: (text) => {
    const [host = '', bits] = text.split('/')
    return isIP(host) && (bits === undefined || /^\d{1,3}$/.test(bits)) ? null : 'an address or a network (10.0.0.0/8)'
  },
}

/** A regular expression in Python's notation, or null when it is none. */
export function pythonRegex(text: string): RegExp | null {
  const flags = /^\(\?([imsx]+)\)/.exec(text)
  const body = (flags ? text.slice(flags[0].length) : text)
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll('\\A', '^')
    .replaceAll('\\Z', '$')
  const wanted = [...(flags?.[1] ?? '')].filter((flag) => 'ims'.includes(flag)).join('')
  try {
    return new RegExp(body, `u${wanted}`)
  } catch {
    try {
      return new RegExp(body, wanted)
    } catch {
      return null
    }
  }
}
