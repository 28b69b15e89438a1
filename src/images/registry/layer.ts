/** A folder as one layer of an image: the same content gives the same bytes. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { lstat, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { type Pack, pack } from 'tar-stream'

export interface Layer {
  readonly file: string
  readonly size: number
  /** Of the compressed bytes, as registries name it. */
  readonly digest: string
  /** Of the plain bytes, as the image's configuration names it. */
  readonly diffId: string
}

export interface LayerOptions {
  readonly folder: string
  /** Where it lies in the image, `/home/jovyan`. */
  readonly target: string
  readonly uid: number
  /** Seconds since 1970, for every file; null keeps each file's own. */
  readonly time: number | null
}

export async function writeLayer(file: string, options: LayerOptions): Promise<Layer> {
  const archive = pack()
  const plain = createHash('sha256')
  const compressed = createHash('sha256')
  let size = 0
  const filling = fill(archive, options).then(
    () => archive.finalize(),
    (error: Error) => archive.destroy(error),
  )
  await pipeline(
    archive as unknown as NodeJS.ReadableStream,
    through((chunk) => plain.update(chunk)),
    createGzip({ level: 6 }),
    through((chunk) => {
      compressed.update(chunk)
      size += chunk.length
    }),
    createWriteStream(file),
  )
  await filling
  return { file, size, digest: `sha256:${compressed.digest('hex')}`, diffId: `sha256:${plain.digest('hex')}` }
}

function through(see: (chunk: Buffer) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _, done) {
      see(chunk)
      done(null, chunk)
    },
  })
}

async function fill(archive: Pack, options: LayerOptions, path = ''): Promise<void> {
  const { folder, target, uid, time } = options
  for (const name of (await readdir(join(folder, path))).sort()) {
    const inside = path === '' ? name : `${path}/${name}`
    const place = join(folder, inside)
    const entry = await lstat(place)
    const header = {
      name: join(target, inside).replace(/^\//, ''),
      uid,
      gid: uid,
      mtime: new Date(time === null ? Math.floor(entry.mtimeMs / 1000) * 1000 : time * 1000),
    }
    if (entry.isDirectory()) {
      await add(archive, { ...header, name: `${header.name}/`, type: 'directory', mode: 0o755 })
      await fill(archive, options, inside)
    } else if (entry.isSymbolicLink())
      await add(archive, { ...header, type: 'symlink', linkname: await readlink(place), mode: 0o777 })
    else if (entry.isFile())
      await addFile(archive, { ...header, size: entry.size, mode: entry.mode & 0o111 ? 0o755 : 0o644 }, place)
  }
}

type Header = Parameters<Pack['entry']>[0]

function add(archive: Pack, header: Header): Promise<void> {
  return new Promise((resolve, reject) => archive.entry(header, (error) => (error ? reject(error) : resolve())))
}

function addFile(archive: Pack, header: Header, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const entry = archive.entry(header, (error) => (error ? reject(error) : resolve()))
    pipeline(createReadStream(file), entry as unknown as NodeJS.WritableStream).catch(reject)
  })
}
