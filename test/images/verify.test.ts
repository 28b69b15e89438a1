/** Images of fixtures are built and asked what repo2docker's own tests ask; `HIMALIA_ALL_FIXTURES=1` builds all that can be. */
import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { noImages, removeImage, repo2docker } from './building.ts'
import { fixtures } from './fixtures.ts'
import { temporaryFolder, writeFiles } from './folders.ts'

const wanted = fixtures.filter(({ verify, isQuick }) => verify && (isQuick || process.env.HIMALIA_ALL_FIXTURES))
const top = temporaryFolder()

for (const { name, files, flags = [], verify } of wanted) {
  test(`the image of ${name} holds what its repository asks for`, { skip: noImages }, async () => {
    const folder = writeFiles(mkdtempSync(join(top, 'repository-')), files)
    const image = `himalia-test-${name.replaceAll('/', '-').toLowerCase()}-${process.pid}`
    const user = ['--user-id=1000', '--user-name=jovyan']

    const ended = await repo2docker([
      ...user,
      ...flags,
      `--image-name=${image}`,
      folder,
      'bash',
      '-c',
      `set -ex\n${verify}`,
    ])

    removeImage(image)
    assert.equal(ended.code, 0, ended.err.slice(-6000))
  })
}
