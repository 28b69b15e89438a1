/** What runs on this machine for the servers of a hub, as the system tells it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Command lines of all processes that a server of this data directory started, itself among them; needs /proc. */
export function serverProcesses(dataDir: string): readonly string[] {
  const mark = `\0HIMALIA_SERVER=${join(dataDir, 'servers')}:`
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && `\0${read(entry, 'environ')}`.includes(mark))
    .map((pid) => `${pid} ${read(pid, 'cmdline').replaceAll('\0', ' ').trim()}`)
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(join('/proc', pid, file), 'utf8')
  } catch {
    // It has ended, or is another account's.
    return ''
  }
}
