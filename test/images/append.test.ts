/** One layer on an image in a registry, without an engine. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { extract } from 'tar-stream'
import { appendLayer } from '../../src/images/registry/append.ts'
import { type Manifest, mediaTypes, openRegistry } from '../../src/images/registry/client.ts'
import { writeLayer } from '../../src/images/registry/layer.ts'
import { temporaryFolder } from './folders.ts'
import { startRegistry, type TestRegistry } from './registry-server.ts'

const top = temporaryFolder()
const digestOf = (content: string | Buffer) => `sha256:${createHash('sha256').update(content).digest('hex')}`
const credentials = { username: 'ana', password: 'secret' }

const open = ({ host }: TestRegistry, known: typeof credentials | null = credentials) =>
  openRegistry({ registry: host, credentials: known, isInsecure: true, signal: AbortSignal.timeout(30_000) })

async function withEnvironment(server: TestRegistry): Promise<void> {
  const registry = open(server)
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: { Env: ['PATH=/bin', 'A=old'], Labels: { kept: 'yes' }, Entrypoint: ['/start'] },
      rootfs: { type: 'layers', diff_ids: [digestOf('layer')] },
      history: [{ created_by: 'before' }],
    }),
  )
  await registry.putBlob('environments', digestOf('layer'), Buffer.from('layer'))
  await registry.putBlob('environments', digestOf(config), config)
  await registry.putManifest('environments', 'one', {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf(config), size: config.length },
    layers: [{ mediaType: mediaTypes.ociLayer, digest: digestOf('layer'), size: 5 }],
  })
}

function someFiles(): string {
  const folder = mkdtempSync(join(top, 'files-'))
  mkdirSync(join(folder, 'b'))
  writeFileSync(join(folder, 'b', 'notebook.ipynb'), '{}')
  writeFileSync(join(folder, 'a.sh'), 'echo')
  chmodSync(join(folder, 'a.sh'), 0o700)
  symlinkSync('a.sh', join(folder, 'link'))
  return folder
}

const layerOf = (folder: string) =>
  writeLayer(join(mkdtempSync(join(top, 'layer-')), 'layer.tar.gz'), {
    folder,
    target: '/srv/repo',
    uid: 1000,
    time: 1000,
  })

for (const signIn of ['none', 'basic', 'token'] as const) {
  test(`a layer is appended across repositories (sign-in: ${signIn})`, async () => {
    await using server = await startRegistry({ signIn })
    await withEnvironment(server)
    const layer = await layerOf(someFiles())

    const isDone = await appendLayer(open(server), {
      from: { repository: 'environments', reference: 'one' },
      to: { repository: 'course/statistics', reference: 'v1' },
      platform: 'linux/amd64',
      layer,
      env: { A: 'new' },
      labels: { key: 'k' },
      user: '1000',
      comment: 'files',
    })

    const manifest = JSON.parse(server.manifests.get('course/statistics:v1')!.body.toString()) as Manifest
    const config = JSON.parse(server.blob(manifest.config.digest).toString())
    assert.ok(isDone)
    assert.deepEqual(
      manifest.layers.map(({ digest }) => digest),
      [digestOf('layer'), layer.digest],
    )
    assert.deepEqual(config.config, {
      Env: ['PATH=/bin', 'A=new'],
      Labels: { kept: 'yes', key: 'k' },
      Entrypoint: ['/start'],
      User: '1000',
    })
    assert.deepEqual(config.rootfs.diff_ids, [digestOf('layer'), layer.diffId])
    assert.equal(config.history.length, 2)
  })
}

test('without the environment nothing is made', async () => {
  await using server = await startRegistry()
  const order = {
    from: { repository: 'environments', reference: 'missing' },
    to: { repository: 'course', reference: 'v1' },
    platform: 'linux/amd64',
    layer: await layerOf(someFiles()),
    env: {},
    labels: {},
    user: '1000',
    comment: '',
  }

  assert.equal(await appendLayer(open(server), order), false)
  assert.equal(server.manifests.size, 0)
})

test('credentials that are missing or wrong are said to be', async () => {
  await using server = await startRegistry({ signIn: 'token' })

  await assert.rejects(open(server, { username: 'ana', password: 'no' }).digest('a', 'b'), {
    code: 'REGISTRY_FAILED',
    message: /token was refused with 401/,
  })
  await using plain = await startRegistry({ signIn: 'basic' })
  await assert.rejects(open(plain, null).digest('a', 'b'), { message: /asks for credentials/ })
})

test('a registry that is not there is named', async () => {
  const server = await startRegistry()
  await server[Symbol.asyncDispose]()

  await assert.rejects(open(server).digest('a', 'b'), { code: 'REGISTRY_FAILED', message: /can't be reached/ })
})

test('the same files are the same layer, whoever packs them', async () => {
  const [one, two] = [await layerOf(someFiles()), await layerOf(someFiles())]

  assert.equal(one.digest, two.digest)
})

test('a layer has the files in order, owned by the user, links as they are', async () => {
  const { readFileSync } = await import('node:fs')
  const layer = await layerOf(someFiles())
  const seen: unknown[] = []
  const reader = extract()
  reader.end(gunzipSync(readFileSync(layer.file)))

  for await (const entry of reader) {
    const { name, type, mode, uid, linkname } = entry.header
    seen.push([name, type, (mode ?? 0).toString(8), uid, ...(linkname ? [linkname] : [])])
    entry.resume()
  }

  assert.deepEqual(seen, [
    ['srv/repo/a.sh', 'file', '755', 1000],
    ['srv/repo/b/', 'directory', '755', 1000],
    ['srv/repo/b/notebook.ipynb', 'file', '644', 1000],
    ['srv/repo/link', 'symlink', '777', 1000, 'a.sh'],
  ])
})
