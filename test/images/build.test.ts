/** Builds that go well, go wrong, are cancelled or run away; with Buildah, and a registry of this process. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { buildCommand, cancelled, imageCommand } from '../../src/images/index.ts'
import { base, noImages, python, removeImage, repo2docker, type Said } from './building.ts'
import { temporaryFolder, writeFiles } from './folders.ts'
import { startRegistry } from './registry-server.ts'

const top = temporaryFolder()
const repository = (files: Readonly<Record<string, string>>) => writeFiles(mkdtempSync(join(top, 'repository-')), files)
const user = ['--user-id=1000', '--user-name=jovyan']
const script = (text: string) => ({ postBuild: `#!/bin/bash\n${text}\n` })

interface Running {
  readonly signal?: AbortSignal
  readonly onText?: (text: string) => void
}

async function himalia(
  body: typeof buildCommand,
  words: readonly string[],
  { signal = AbortSignal.timeout(500_000), onText }: Running = {},
): Promise<Said> {
  const said = { out: '', err: '' }
  const keep = (where: 'out' | 'err') => (text: string) => {
    said[where] += text
    onText?.(text)
  }
  const terminal = { out: keep('out'), err: keep('err'), env: process.env, signal, version: '0' }
  return { code: await body(words, terminal), ...said }
}

const home = '/home/jovyan'
const always = [
  '--engine=buildah',
  `--base=${base}`,
  `--python=${python}`,
  `--ca-file=${process.env.HIMALIA_CA_FILE}`,
  // As the images of fixtures have it, so that all tests stand on one base.
  '--node',
  `--repo-dir=${home}`,
]
const build = (words: readonly string[], running?: Running) => himalia(buildCommand, [...always, ...words], running)

/** Seconds to sleep, by which its processes are known from those of another run. */
const marks = [1, 2, 3].map((digit) => `${process.pid}${digit}`)

/** Containers that builders left behind. */
const leftovers = () =>
  execFileSync('buildah', ['containers', '--quiet'], { encoding: 'utf8' }).trim().split('\n').filter(Boolean)

/** Whether a process runs that has this word in its command line. */
function runs(word: string): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(word)
      } catch {
        return false
      }
    })
}

describe('a build', { skip: noImages }, () => {
  // A run that was killed has left containers; they are none of ours.
  before(() => void spawnSync('buildah', ['rm', '--all'], { stdio: 'ignore' }))

  // The stages that all stand on are made once, so that the tests are about what is on top.
  before(async () => {
    const { code, err } = await build(['--image=localhost/himalia-test-plain', repository({ README: '' })])
    assert.equal(code, 0, err.slice(-4000))
  })

  test('that fails names the step, and what it printed stands above', async () => {
    const folder = repository(script('echo "the reason"; exit 3'))

    const { code, err } = await build(['--image=localhost/himalia-test-failing', folder])

    assert.equal(code, 1)
    assert.match(err, /the reason[\s\S]*The build failed at "The repository’s postBuild"/)
    assert.deepEqual(leftovers(), [])
  })

  test('says the same as JSON, as repo2docker does', async () => {
    const folder = repository(script('exit 3'))

    const { code, err } = await repo2docker([
      ...user,
      '--no-run',
      '--json-logs',
      `--image-name=himalia-test-json-${process.pid}`,
      folder,
    ])

    const lines = err
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { message: string; phase?: string })
    assert.equal(code, 1)
    assert.ok(lines.some(({ message, phase }) => message === 'Picked Local content provider.\n' && phase === undefined))
    assert.ok(lines.some(({ message, phase }) => message === 'Using PythonBuildPack builder\n' && phase === 'building'))
    assert.match(lines.at(-1)!.message, /^Error during build: The build failed at/)
    assert.equal(lines.at(-1)!.phase, 'failed')
  })

  test('that is cancelled ends with all that it started, and leaves nothing', async () => {
    const controller = new AbortController()
    const onText = (text: string) => text.includes('now it waits') && controller.abort(cancelled())

    const folder = repository(script(`echo "now it waits" && (setsid sleep ${marks[0]} & sleep ${marks[1]})`))
    const { code, err } = await build(['--image=localhost/himalia-test-cancelled', folder], {
      signal: controller.signal,
      onText,
    })

    assert.equal(code, 1)
    assert.match(err, /The build was cancelled/)
    assert.ok(!marks.some(runs), 'its processes have ended')
    assert.deepEqual(leftovers(), [])
  })

  test('that never ends is ended', async () => {
    const { code, err } = await build([
      '--timeout=10',
      '--image=localhost/himalia-test-slow',
      repository(script(`sleep ${marks[2]}`)),
    ])

    assert.equal(code, 1)
    assert.match(err, /ended after 10 seconds/)
    assert.ok(!marks.some(runs))
    assert.deepEqual(leftovers(), [])
  })

  test('that fills the disk is ended, and gives it back', async () => {
    const folder = repository(script('exec dd if=/dev/zero of=large bs=1M count=60000'))

    const { code, err } = await build(['--disk-limit=700M', '--image=localhost/himalia-test-large', folder])

    assert.equal(code, 1)
    assert.match(err, /took more than 700 MiB of disk/)
    assert.deepEqual(leftovers(), [])
  })

  test('that takes more memory than it may fails, and the next one works', async () => {
    const hungry = repository(script('python3 -c "x = bytearray(900_000_000); print(len(x))"'))

    const { code } = await build(['--memory=400M', '--image=localhost/himalia-test-hungry', hungry])
    const next = await build(['--memory=400M', '--image=localhost/himalia-test-next', repository(script('echo fine'))])

    assert.equal(code, 1)
    assert.equal(next.code, 0, next.err.slice(-2000))
  })

  test('of the same content is not made twice, and of another content is', async () => {
    const folder = repository({ 'a.ipynb': '{}' })
    const words = ['--image=localhost/himalia-test-same', folder]
    removeImage('localhost/himalia-test-same')

    const first = await build(words)
    const second = await build(words)
    writeFileSync(join(folder, 'a.ipynb'), '{"cells": []}')
    const third = await build(words)

    assert.match(first.err, /The image is built/)
    assert.match(second.err, /is there already, with just this content/)
    assert.match(third.err, /The image is built/)
    assert.ok(!third.err.includes('stage "base"'), 'the base was there')
    assert.equal(third.out, 'localhost/himalia-test-same\n')
  })

  test('of a Dockerfile is pushed to the registry that its name begins with', async () => {
    await using registry = await startRegistry()
    const image = `${registry.host}/course/small:v1`

    const { code, err, out } = await build([
      '--push',
      `--image=${image}`,
      repository({ Dockerfile: 'FROM scratch\nCOPY f /f\n', f: '' }),
    ])

    removeImage(image)
    assert.equal(code, 0, err.slice(-3000))
    assert.equal(out, `${image}\n`)
    assert.ok(registry.manifests.has('course/small:v1'))
  })

  test('does not open a configuration file that leads out of the repository', async () => {
    const folder = repository({ README: '' })
    symlinkSync('/etc/passwd', join(folder, 'requirements.txt'))

    const { code, err } = await build(['--plan', folder])

    assert.equal(code, 1)
    assert.match(err, /requirements\.txt, a link that leads out of it/)
  })

  test('an image without jupyterhub-singleuser is told what it lacks', async () => {
    const { code, out } = await himalia(imageCommand, ['check', '--engine=buildah', base])

    assert.equal(code, 1)
    assert.match(out, /FAILS jupyterhub-singleuser is not on the PATH\.\n\s+Install it/)
    assert.match(out, /note {2}It runs as root/)
  })

  test('an image that is not there is said not to be', async () => {
    const { code, err } = await himalia(imageCommand, ['check', '--engine=buildah', 'localhost/no-such-image'])

    assert.equal(code, 1)
    assert.match(err, /There is no image localhost\/no-such-image/)
  })
})
