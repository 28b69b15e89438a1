/** repo2docker's command line: what goes together, what it ends with, and what it prints without an engine. */
import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { repo2docker } from './building.ts'
import { temporaryFolder, writeFiles } from './folders.ts'

const top = temporaryFolder()
const folder = writeFiles(mkdtempSync(join(top, 'repository-')), { 'requirements.txt': 'there\n' })
const user = ['--user-id=1000', '--user-name=jovyan']

const refused: [words: string[], code: number, says: RegExp][] = [
  [[], 2, /REPO is missing/],
  [['--nothing', folder], 2, /--nothing is no flag/],
  [[...user, '--image-name=_x', folder], 2, /"_x" is no image name/],
  [[...user, '--image-name=a..b', folder], 2, /is no image name/],
  [[...user, '--publish=70000', '--no-run', folder], 2, /no port/],
  [[...user, '--no-run', '--env=A=1', folder], 1, /--env .*only when the image is run/],
  [[...user, '--no-run', '--volume=a:b', folder], 1, /--volume .*only when the image is run/],
  [[...user, '--no-run', '-p', '80', folder], 1, /--publish .*only when the image is run/],
  [[...user, '--no-run', '-P', folder], 1, /--publish-all/],
  [[...user, '-v', 'a:b:ro', folder], 1, /SRC:DEST/],
  [[...user, '-p', '80', '-p', '81', folder], 1, /more than once needs a command/],
  [[...user, '--editable', 'https://github.com/a/b'], 1, /needs a folder/],
  [[...user, '--push', folder], 1, /add --no-run/],
  [['--user-id=0', '--user-name=root', folder], 1, /is root/],
  [['--user-id=1000', '--user-name=a b', folder], 2, /can't be named/],
  [[...user, '--build-memory-limit=1G', folder], 255, /no longer there/],
  [[...user, '--Repo2Docker.nonsense=1', folder], 1, /has no meaning here/],
  [[...user, '--subdir=missing', '--no-build', folder], 1, /no folder "missing"/],
  [[...user, '--subdir=../..', '--no-build', folder], 1, /no folder/],
  [[...user, '--target-repo-dir=/srv/a b', '--no-build', folder], 2, /without spaces/],
  [[...user, '--label=a=b\nUSER root', '--no-build', folder], 2, /on one line/],
  [['--engine=nonsense', ...user, '--no-run', folder], 1, /no engine "nonsense"; there are docker, podman, buildah/],
]

for (const [words, code, says] of refused) {
  test(`repo2docker ${words.map((word) => word.replace(folder, 'DIR')).join(' ')} ends with ${code}`, async () => {
    const ended = await repo2docker(words)

    assert.equal(ended.code, code, ended.err)
    assert.match(ended.err, says)
  })
}

test('--no-build prints a Dockerfile alone on standard output, needs no engine, and root may ask for it', async () => {
  const path = process.env.PATH
  process.env.PATH = '/nowhere'
  try {
    const { code, out } = await repo2docker(['--no-build', '--label=team=a "b" $c', '--appendix=RUN true', folder])

    assert.equal(code, 0)
    assert.match(out, /^FROM /)
    assert.match(out, /COPY --chown=1000:1000 src\/ \/home\/jovyan\//)
    assert.match(out, /\nUSER root\nRUN true\n/)
    assert.ok(out.includes('LABEL "team"="a \\"b\\" \\$c"'))
  } finally {
    process.env.PATH = path
  }
})

test('a configuration file counts, and flags count more', async () => {
  const config = join(mkdtempSync(join(top, 'config-')), 'repo2docker_config.py')
  writeFileSync(config, "c.Repo2Docker.target_repo_dir = '/srv/one'\nc.Repo2Docker.labels = {'a': 'b'}\n# a comment\n")

  const { out } = await repo2docker(['--no-build', '--config', config, folder])
  const { out: other } = await repo2docker(['--no-build', '--config', config, '--target-repo-dir=/srv/two', folder])

  assert.match(out, /WORKDIR \/srv\/one[\s\S]*LABEL "a"="b"/)
  assert.match(other, /WORKDIR \/srv\/two/)
})

test('Python in a configuration file is refused with its line', async () => {
  const config = join(mkdtempSync(join(top, 'config-')), 'c.py')
  writeFileSync(config, 'import os\nc.Repo2Docker.ref = os.environ["REF"]\n')

  const { code, err } = await repo2docker(['--no-build', '--config', config, folder])

  assert.equal(code, 1)
  assert.match(err, /at line 1: only lines such as/)
})

test('without a default a repository needs an environment', async () => {
  const empty = mkdtempSync(join(top, 'empty-'))

  const { code, err } = await repo2docker(['--no-build', '--Repo2Docker.default_buildpack=None', empty])

  assert.equal(code, 1)
  assert.match(err, /no file that describes an environment/)
})

test('--help and --version need no repository', async () => {
  assert.equal((await repo2docker(['--version'])).out, '0\n')
  assert.match((await repo2docker(['--help-all'])).out, /--target-repo-dir[\s\S]*Repo2Docker\.base_image/)
})
