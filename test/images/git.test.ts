/** Git and Mercurial with real repositories of this machine. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ProviderContext } from '../../src/images/providers/contract.ts'
import { pickProvider } from '../../src/images/providers/registry.ts'
import { inspectTree } from '../../src/images/repository/inspect.ts'
import { noImages } from './building.ts'
import { temporaryFolder, writeFiles } from './folders.ts'
import { contextOf, recordedWeb } from './recorded-web.ts'

const top = temporaryFolder()
const env = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  ...Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => [
      [`GIT_${who}_NAME`, 'Ana'],
      [`GIT_${who}_EMAIL`, 'ana@example.org'],
    ]),
  ),
}
const git = (folder: string, ...words: string[]) =>
  execFileSync('git', words, { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()

function makeRepository(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(top, 'origin-'))
  git(folder, 'init', '--quiet', '--initial-branch=main')
  commit(folder, files)
  return folder
}

function commit(folder: string, files: Readonly<Record<string, string>>): string {
  writeFiles(folder, files)
  git(folder, 'add', '--all')
  git(folder, 'commit', '--quiet', '--allow-empty', '--message=change')
  return git(folder, 'rev-parse', 'HEAD')
}

async function fetched(
  source: string,
  more: Partial<ProviderContext> = {},
): Promise<{ folder: string; contentId: string | null }> {
  await using web = await recordedWeb({})
  const folder = mkdtempSync(join(top, 'fetched-'))
  const picked = await pickProvider(source, contextOf(web.http, more))
  return { folder, ...(await picked.fetch(folder)) }
}

test('a branch, a tag, a commit and their spellings are found', async () => {
  const origin = makeRepository({ file: 'one' })
  const one = git(origin, 'rev-parse', 'HEAD')
  git(origin, 'tag', '--annotate', '--message=v1', 'v1')
  git(origin, 'checkout', '--quiet', '-b', 'feature/main')
  const two = commit(origin, { file: 'two' })
  git(origin, 'checkout', '--quiet', 'main')
  const three = commit(origin, { file: 'three' })

  const wanted: [ref: string | null, commit: string][] = [
    [null, three],
    ['main', three],
    ['origin/main', three],
    ['v1', one],
    [one, one],
    [`origin/${one}`, one],
    [one.slice(0, 10), one],
    ['feature/main', two],
    ['HEAD', three],
  ]
  for (const [ref, hash] of wanted) {
    const { folder, contentId } = await fetched(`file://${origin}`, { ref })
    assert.equal(git(folder, 'rev-parse', 'HEAD'), hash, `ref ${ref}`)
    assert.equal(contentId, hash.slice(0, 7))
  }
})

test('the history stays where it is, unless it is asked for', async () => {
  const origin = makeRepository({ file: 'one' })
  commit(origin, { file: 'two' })

  const shallow = await fetched(`file://${origin}`, { ref: 'main' })
  const full = await fetched(`file://${origin}`, { ref: 'main', history: 'full' })

  assert.equal(git(shallow.folder, 'rev-list', '--count', 'HEAD'), '1')
  assert.equal(git(full.folder, 'rev-list', '--count', 'HEAD'), '2')
})

test('a server that gives no single commit gives its branches', async () => {
  const origin = makeRepository({ file: 'one' })
  const hidden = commit(origin, { file: 'two' })
  commit(origin, { file: 'three' })
  git(origin, 'config', 'uploadpack.allowAnySHA1InWant', 'false')

  const { folder } = await fetched(`file://${origin}`, { ref: hidden })

  assert.equal(readFileSync(join(folder, 'file'), 'utf8'), 'two')
})

for (const ref of ['missing', '0'.repeat(40), '--upload-pack=touch /tmp/x', 'a b', 'a..b', '']) {
  test(`the ref ${JSON.stringify(ref)} is said not to be there`, async () => {
    const origin = makeRepository({ file: 'one' })

    await assert.rejects(fetched(`file://${origin}`, { ref }), { code: 'REPOSITORY_REF_NOT_FOUND' })
  })
}

test('a repository that is not there is said not to be', async () => {
  await assert.rejects(fetched(`file://${top}/missing`), {
    code: 'REPOSITORY_NOT_FOUND',
    message: /does not appear to be a git repository/,
  })
})

test('submodules come along', async () => {
  const inner = makeRepository({ inside: 'yes' })
  const origin = makeRepository({ file: 'one' })
  git(origin, '-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', `file://${inner}`, 'sub')
  commit(origin, {})

  const { folder } = await fetched(`file://${origin}`, { ref: 'main' })

  assert.equal(readFileSync(join(folder, 'sub', 'inside'), 'utf8'), 'yes')
})

/** A commit that names a submodule, as a hostile one would: `git submodule add` would refuse to make it. */
function withSubmodule(url: string): string {
  const origin = makeRepository({ '.gitmodules': `[submodule "sub"]\n\tpath = sub\n\turl = ${url}\n` })
  git(origin, 'update-index', '--add', '--cacheinfo', `160000,${git(origin, 'rev-parse', 'HEAD')},sub`)
  git(origin, 'commit', '--quiet', '--message=submodule')
  return origin
}

for (const url of ['ext::sh -c touch% /tmp/himalia-was-here', 'fd::17', '-u./payload']) {
  test(`a submodule at ${url} is refused, and runs nothing`, async () => {
    await assert.rejects(fetched(`file://${withSubmodule(url)}`), { code: 'SUBMODULE_REFUSED', message: /sub/ })

    assert.ok(!existsSync('/tmp/himalia-was-here'))
  })
}

for (const source of [
  'ext::sh -c date',
  '--upload-pack=date',
  'https://example.org/a b.git',
  'ftp://example.org/a.git',
  'https://example.org/\n',
  '',
]) {
  test(`the address ${JSON.stringify(source)} is refused`, async () => {
    await assert.rejects(fetched(source), { code: 'REPOSITORY_ADDRESS_REFUSED' })
  })
}

test('a large history is not fetched to its end', async () => {
  const { randomBytes } = await import('node:crypto')
  const origin = makeRepository({ file: randomBytes(3_000_000).toString('base64') })

  await assert.rejects(fetched(`file://${origin}`, { mostBytes: 1_000_000 }), { code: 'REPOSITORY_TOO_LARGE' })
})

test('a name with a line break is refused, and so is a pipe', async () => {
  const origin = makeRepository({ 'a\nb': 'x' })
  const { folder } = await fetched(`file://${origin}`)
  await assert.rejects(inspectTree(folder), { code: 'REPOSITORY_PATH_REFUSED', message: /line break/ })

  const local = mkdtempSync(join(top, 'local-'))
  execFileSync('mkfifo', [join(local, 'pipe')])
  await assert.rejects(inspectTree(local), { code: 'REPOSITORY_PATH_REFUSED', message: /named pipe/ })
})

test('files in Git LFS are fetched, or left as pointers when that is wanted', { skip: noImages }, async () => {
  const origin = makeRepository({ '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n' })
  git(origin, 'lfs', 'install', '--local')
  commit(origin, { 'data.bin': 'large' })

  const whole = await fetched(`file://${origin}`)
  const pointers = await fetched(`file://${origin}`, { lfs: 'skip' })

  assert.equal(readFileSync(join(whole.folder, 'data.bin'), 'utf8'), 'large')
  assert.match(readFileSync(join(pointers.folder, 'data.bin'), 'utf8'), /^version https:\/\/git-lfs/)
})

test('without git-lfs its files are named instead of being built as pointers', async () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 5\n`
  const origin = makeRepository({ '.gitattributes': '*.bin filter=lfs -text\n', 'data.bin': pointer })
  const path = process.env.PATH
  const programs = mkdtempSync(join(top, 'bin-'))
  mkdirSync(programs, { recursive: true })
  writeFileSync(join(programs, 'git'), `#!/bin/sh\nPATH='${path}' exec git "$@"\n`, { mode: 0o755 })

  process.env.PATH = programs
  try {
    await assert.rejects(fetched(`file://${origin}`), { code: 'LFS_MISSING', message: /data\.bin/ })
  } finally {
    process.env.PATH = path
  }
})

test('a Mercurial repository is fetched at its revision', { skip: noImages }, async () => {
  const origin = mkdtempSync(join(top, 'hg-'))
  const hg = (...words: string[]) =>
    execFileSync('hg', ['--config', 'ui.username=Ana', ...words], { cwd: origin, encoding: 'utf8' }).trim()
  hg('init')
  writeFileSync(join(origin, 'file'), 'one')
  hg('commit', '--addremove', '--message', 'one')
  const first = hg('identify', '-i')
  writeFileSync(join(origin, 'file'), 'two')
  hg('commit', '--message', 'two')
  const { mercurial } = await import('../../src/images/providers/mercurial/index.ts')
  await using web = await recordedWeb({})
  const folder = join(mkdtempSync(join(top, 'fetched-')), 'hg')

  const found = await mercurial.detect(`file://${origin}`, contextOf(web.http, { ref: first }))
  const { contentId } = await found!.fetch(folder)

  assert.equal(contentId, first)
  assert.equal(readFileSync(join(folder, 'file'), 'utf8'), 'one')
})
