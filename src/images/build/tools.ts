/** Programs of others that builds use and images don't keep. They come from PyPI, where every place that builds has a mirror. */

import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import yauzl from 'yauzl'
import { errors } from '../errors.ts'
import type { Http } from '../providers/contract.ts'
import { listAt, textAt } from '../providers/files.ts'

export const uvVersion = '0.13.9'
/** Of the wheels, by platform. */
const wheels: Record<string, { tag: string; sha256: string | null }> = {
  'linux/amd64': {
    tag: 'manylinux_2_17_x86_64',
    sha256: 'd7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19',
  },
  'linux/arm64': { tag: 'manylinux_2_17_aarch64', sha256: null },
}

export interface ToolOptions {
  readonly http: Http
  readonly platform: string
  readonly log: (message: string) => void
}

export const toolFolder = () => join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'himalia', 'tools')

/** The file of uv for a platform; fetched once for all builds. */
export async function fetchUv({ http, platform, log }: ToolOptions): Promise<string> {
  const place = join(toolFolder(), `uv-${uvVersion}-${platform.replace('/', '-')}`)
  if (existsSync(place)) return place
  log(`Fetching uv ${uvVersion}.\n`)
  await mkdir(dirname(place), { recursive: true })
  const aside = await mkdtemp(join(dirname(place), '.uv-'))
  try {
    const wheel = join(aside, 'uv.whl')
    const { url, sha256 } = await findWheel(http, platform)
    await http.download(url, wheel)
    if ((await digestOf(wheel)) !== sha256) throw errors.TOOL_CHECKSUM({ name: `uv ${uvVersion}` })
    await takeProgram(wheel, join(aside, 'uv'))
    await chmod(join(aside, 'uv'), 0o755)
    await rename(join(aside, 'uv'), place)
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
  return place
}

/** From the index that pip is told to use, in its JSON form (PEP 691). */
async function findWheel(http: Http, platform: string): Promise<{ url: string; sha256: string }> {
  const index = (process.env.UV_DEFAULT_INDEX ?? process.env.PIP_INDEX_URL ?? 'https://pypi.org/simple').replace(
    /\/$/,
    '',
  )
  const wanted = wheels[platform]
  const page = `${index}/uv/`
  const content = await http.json(page, { headers: { accept: 'application/vnd.pypi.simple.v1+json' } })
  const file = listAt(content, 'files').find((entry) => {
    const name = textAt(entry, 'filename')
    return name.startsWith(`uv-${uvVersion}-`) && wanted !== undefined && name.includes(wanted.tag)
  })
  if (!file)
    throw errors.PROVIDER_FAILED({
      name: new URL(index).host,
      url: page,
      why: `it has no uv ${uvVersion} for ${platform}`,
    })
  return { url: new URL(textAt(file, 'url'), page).href, sha256: wanted?.sha256 ?? textAt(file, 'hashes', 'sha256') }
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

async function takeProgram(wheel: string, target: string): Promise<void> {
  const zip = await yauzl.openPromise(wheel, { lazyEntries: true, autoClose: false })
  try {
    for await (const entry of zip.eachEntry()) {
      if (!entry.fileName.endsWith('/scripts/uv')) continue
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target))
      return
    }
  } finally {
    zip.close()
  }
  throw errors.TOOL_CHECKSUM({ name: `uv ${uvVersion}` })
}
