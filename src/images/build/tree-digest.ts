import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** One digest over the names, kinds, modes and contents of a folder; times don't count. */
export async function treeDigest(folder: string): Promise<string> {
  const whole = createHash('sha256')
  const visit = async (path: string): Promise<void> => {
    for (const name of (await readdir(join(folder, path))).sort()) {
      const inside = path === '' ? name : `${path}/${name}`
      const place = join(folder, inside)
      const entry = await lstat(place)
      if (entry.isDirectory()) {
        whole.update(`d ${inside}\0`)
        await visit(inside)
      } else if (entry.isSymbolicLink()) whole.update(`l ${inside}\0${await readlink(place)}\0`)
      else {
        const content = createHash('sha256')
        await pipeline(createReadStream(place), content)
        whole.update(`f ${inside}\0${entry.mode & 0o111 ? 'x' : '-'}${content.digest('hex')}\0`)
      }
    }
  }
  await visit('')
  return whole.digest('hex')
}
