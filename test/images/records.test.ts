/** Archives and records of the web's repositories of data: what is asked, and what is fetched. */
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ProviderContext } from '../../src/images/providers/contract.ts'
import { normalizeDoi } from '../../src/images/providers/doi.ts'
import { pickProvider } from '../../src/images/providers/registry.ts'
import { tarOf, zipOf } from './archives.ts'
import { temporaryFolder } from './folders.ts'
import { type Answer, contextOf, recordedWeb } from './recorded-web.ts'

const top = temporaryFolder()

const doi = (target: string) => ({
  values: [
    { type: 'HS_ADMIN', data: {} },
    { type: 'URL', data: { value: target } },
  ],
})
const oneFile = (name = 'a.txt') => zipOf([{ name: `repository/${name}`, text: 'text' }])
const installations = {
  'https://iqss.github.io/dataverse-installations/data/data.json': {
    installations: [{ hostname: 'data.example.org' }],
  },
}

interface Case {
  readonly what: string
  readonly source: string
  readonly web: Readonly<Record<string, Answer | readonly Answer[]>>
  readonly provider: string
  readonly contentId: string | null
  readonly files: readonly string[]
  readonly settings?: ProviderContext['settings']
}

const zenodoFiles = (...names: string[]) => ({
  'https://zenodo.org/api/records/3232985': { links: { files: 'https://zenodo.org/api/records/3232985/files' } },
  'https://zenodo.org/api/records/3232985/files': {
    entries: names.map((key) => ({ key, links: { content: `https://zenodo.org/content/${key}` } })),
  },
})

const cases: readonly Case[] = [
  {
    what: 'a DOI of Zenodo with an archive of GitHub',
    source: '10.5281/zenodo.3232985',
    web: {
      'https://doi.org/api/handles/10.5281/zenodo.3232985': doi('https://zenodo.org/record/3232985'),
      ...zenodoFiles('archive.zip'),
      'https://zenodo.org/content/archive.zip': oneFile(),
    },
    provider: 'Zenodo',
    contentId: '3232985',
    files: ['a.txt'],
  },
  {
    what: 'a record of Zenodo with files in folders',
    source: 'https://zenodo.org/records/3232985',
    web: {
      ...zenodoFiles('data/a.txt', 'b.zip'),
      'https://zenodo.org/content/data/a.txt': Buffer.from('a'),
      'https://zenodo.org/content/b.zip': Buffer.from('b'),
    },
    provider: 'Zenodo',
    contentId: '3232985',
    files: ['b.zip', 'data', 'data/a.txt'],
  },
  {
    what: 'a record at Caltech',
    source: 'https://data.caltech.edu/records/1235',
    web: {
      'https://data.caltech.edu/api/record/1235': {
        metadata: {
          electronic_location_and_access: [
            { electronic_name: ['a.txt'], uniform_resource_identifier: 'https://data.caltech.edu/a' },
          ],
        },
      },
      'https://data.caltech.edu/a': Buffer.from('a'),
    },
    provider: 'Zenodo',
    contentId: '1235',
    files: ['a.txt'],
  },
  {
    what: 'an article of Figshare, without a version its first',
    source: 'https://figshare.com/articles/title/9782777',
    web: {
      'https://api.figshare.com/v2/articles/9782777/versions/1': {
        files: [
          { name: 'a.txt', download_url: 'https://files.figshare.com/1', is_link_only: false },
          { name: 'link', download_url: 'https://example.org', is_link_only: true },
        ],
      },
      'https://files.figshare.com/1': Buffer.from('a'),
    },
    provider: 'Figshare',
    contentId: '9782777.v1',
    files: ['a.txt'],
  },
  {
    what: 'a DOI of Figshare in a version',
    source: 'doi:10.6084/m9.figshare.9782777.v3',
    web: {
      'https://doi.org/api/handles/10.6084/m9.figshare.9782777.v3': doi(
        'https://figshare.com/articles/code/title/9782777/3',
      ),
      'https://api.figshare.com/v2/articles/9782777/versions/3': {
        files: [{ name: 'a.zip', download_url: 'https://files.figshare.com/1' }],
      },
      'https://files.figshare.com/1': zipOf([{ name: 'x/y.txt', text: 'y' }]),
    },
    provider: 'Figshare',
    contentId: '9782777.v3',
    files: ['x', 'x/y.txt'],
  },
  {
    what: 'a data set of a Dataverse',
    source: 'https://data.example.org/dataset.xhtml?persistentId=doi:10.7910/DVN/TJCLKP',
    web: {
      ...installations,
      'https://data.example.org/api/datasets/:persistentId?persistentId=doi%3A10.7910%2FDVN%2FTJCLKP': {
        data: {
          latestVersion: {
            files: [
              { directoryLabel: 'code', label: 'a.tab', dataFile: { id: 7, originalFileName: 'a.csv' } },
              { label: 'b.txt', dataFile: { id: 8 } },
            ],
          },
        },
      },
      'https://data.example.org/api/access/datafile/7?format=original': Buffer.from('a'),
      'https://data.example.org/api/access/datafile/8?format=original': Buffer.from('b'),
    },
    provider: 'Dataverse',
    contentId: 'doi:10.7910/DVN/TJCLKP',
    files: ['b.txt', 'code', 'code/a.csv'],
  },
  {
    what: 'a file of a Dataverse stands for its data set',
    source: 'https://data.example.org/api/access/datafile/3323458',
    web: {
      ...installations,
      'https://data.example.org/api/files/3323458?returnDatasetVersion=true': {
        data: { datasetVersion: { datasetPersistentId: 'doi:1' } },
      },
      'https://data.example.org/api/datasets/:persistentId?persistentId=doi%3A1': {
        data: { latestVersion: { files: [] } },
      },
    },
    provider: 'Dataverse',
    contentId: 'doi:1',
    files: [],
  },
  {
    what: 'a citation of a Dataverse that is a file, in an installation of another list',
    source: 'https://data.example.org/citation?persistentId=doi:9',
    settings: { dataverseInstallations: 'https://list.example.org/' },
    web: {
      'https://list.example.org/': { installations: [{ hostname: 'data.example.org' }] },
      'https://data.example.org/api/files/:persistentId?persistentId=doi%3A9&returnDatasetVersion=true': {
        data: { datasetVersion: { datasetPersistentId: 'doi:1' } },
      },
      'https://data.example.org/api/datasets/:persistentId?persistentId=doi%3A1': {
        data: { latestVersion: { files: [] } },
      },
    },
    provider: 'Dataverse',
    contentId: 'doi:1',
    files: [],
  },
  {
    what: 'a resource of HydroShare',
    source: 'https://www.hydroshare.org/resource/b8f6eae9d89241cf8b5904033460af61',
    web: {
      'https://www.hydroshare.org/hsapi/resource/b8f6eae9d89241cf8b5904033460af61/scimeta/elements': {
        dates: [{ type: 'created' }, { type: 'modified', start_date: '2019-09-25T16:09:17Z' }],
      },
      'https://www.hydroshare.org/django_s3/download/bags/b8f6eae9d89241cf8b5904033460af61.zip': {
        redirect: 'https://s3.hydroshare.org/bags/b8f6eae9d89241cf8b5904033460af61.zip',
      },
      'https://s3.hydroshare.org/bags/b8f6eae9d89241cf8b5904033460af61.zip': zipOf([
        { name: 'b8f6eae9d89241cf8b5904033460af61/bagit.txt', text: 'x' },
        { name: 'b8f6eae9d89241cf8b5904033460af61/data/contents/a.txt', text: 'a' },
      ]),
    },
    provider: 'Hydroshare',
    contentId: 'b8f6eae9d89241cf8b5904033460af61.v1569427757',
    files: ['a.txt'],
  },
  {
    what: 'a revision of Software Heritage',
    source: `swh:1:rev:${'a'.repeat(40)};origin=https://example.org`,
    web: {
      [`https://archive.softwareheritage.org/api/1/revision/${'a'.repeat(40)}/`]: { directory: 'b'.repeat(40) },
      [`POST https://archive.softwareheritage.org/api/1/vault/directory/${'b'.repeat(40)}/`]: {
        status: 'done',
        fetch_url: 'https://archive.softwareheritage.org/raw',
      },
      'https://archive.softwareheritage.org/raw': await tarOf([{ name: `${'b'.repeat(40)}/a.txt`, text: 'a' }]),
    },
    provider: 'Swhid',
    contentId: `swh:1:dir:${'b'.repeat(40)}`,
    files: ['a.txt'],
  },
  {
    what: 'a data set of CKAN',
    source: 'https://data.example.org/portal/dataset/tomatoes',
    web: {
      'https://data.example.org/portal/api/3/action/status_show': { success: true },
      'https://data.example.org/portal/api/3/action/package_show?id=tomatoes': {
        result: {
          metadata_modified: '2024-02-27T14:15:54.573058',
          resources: [
            { id: 'r1', url: 'https://files.example.org/a%20b.csv' },
            { id: 'r2', url: 'https://files.example.org/' },
          ],
        },
      },
      'https://files.example.org/a%20b.csv': Buffer.from('a'),
      'https://files.example.org/': Buffer.from('b'),
    },
    provider: 'CKAN',
    contentId: 'tomatoes.v1709043354',
    files: ['a b.csv', 'r2'],
  },
  {
    what: 'an archive at an address',
    source: 'https://example.org/course/week-1.tar.gz',
    web: {
      'https://example.org/course/week-1.tar.gz': await tarOf([
        { name: 'week-1/a.txt', text: 'a' },
        { name: 'week-1/run.sh', text: '#!/bin/sh', mode: 0o755 },
        { name: 'week-1/link', type: 'symlink', linkname: 'a.txt' },
      ]),
    },
    provider: 'Archive',
    contentId: null,
    files: ['a.txt', 'link', 'run.sh'],
  },
]

for (const { what, source, web, provider, contentId, files, settings = {} } of cases) {
  test(`${what} is fetched`, async () => {
    await using recorded = await recordedWeb(web)
    const folder = mkdtempSync(join(top, 'fetched-'))

    const picked = await pickProvider(source, contextOf(recorded.http, { settings }))
    const fetched = await picked.fetch(folder)

    assert.equal(picked.provider, provider)
    assert.equal(fetched.contentId, contentId)
    assert.deepEqual(readdirSync(folder, { recursive: true }).map(String).sort(), files)
  })
}

test('the address of a git server costs no question to anybody', async () => {
  await using recorded = await recordedWeb({})

  for (const source of [
    'https://github.com/a/b',
    'https://example.org/a.git',
    'git@example.org:a/b',
    'ssh://example.org/a',
  ]) {
    assert.equal((await pickProvider(source, contextOf(recorded.http))).provider, 'Git')
  }

  assert.deepEqual(recorded.asked, [])
})

test('an answer that is no JSON, an error and a missing record are told apart', async () => {
  await using recorded = await recordedWeb({
    'https://zenodo.org/api/records/1': 500,
    'https://doi.org/api/handles/10.1/x': Buffer.from('<html>'),
  })
  const context = contextOf(recorded.http)

  const zenodo = await pickProvider('https://zenodo.org/record/1', context)
  await assert.rejects(zenodo.fetch(mkdtempSync(join(top, 'f-'))), { code: 'PROVIDER_FAILED', message: /answered 500/ })
  await assert.rejects(pickProvider('10.1/x', context), { code: 'PROVIDER_FAILED', message: /no JSON/ })
})

test('what is larger than the limit is not fetched to its end', async () => {
  await using recorded = await recordedWeb({ 'https://example.org/a.zip': Buffer.alloc(2_000_000) }, 1_000_000)
  const picked = await pickProvider('https://example.org/a.zip', contextOf(recorded.http, { mostBytes: 1_000_000 }))

  await assert.rejects(picked.fetch(mkdtempSync(join(top, 'f-'))), { code: 'REPOSITORY_TOO_LARGE' })
})

test('an archive that grows beyond the limit is not unpacked to its end', async () => {
  const bomb = await tarOf([{ name: 'a', text: '0'.repeat(5_000_000) }])
  await using recorded = await recordedWeb({ 'https://example.org/a.tar.gz': bomb })
  const picked = await pickProvider('https://example.org/a.tar.gz', contextOf(recorded.http, { mostBytes: 1_000_000 }))

  await assert.rejects(picked.fetch(mkdtempSync(join(top, 'f-'))), { code: 'REPOSITORY_TOO_LARGE' })
})

const hostile: [what: string, name: string, archive: Buffer][] = [
  ['a path that leads out', 'a.zip', zipOf([{ name: '../../out.txt', text: 'x' }])],
  ['an absolute path', 'a.tar.gz', await tarOf([{ name: '/out.txt', text: 'x' }])],
  ['a path that leads out', 'a.tar.gz', await tarOf([{ name: 'a/../../out.txt', text: 'x' }])],
  ['a link that leads out', 'a.tar.gz', await tarOf([{ name: 'a', type: 'symlink', linkname: '../../../etc' }])],
  ['a link that leads out', 'a.zip', zipOf([{ name: 'a', text: '/etc/passwd', mode: 0o120777 }])],
  ['a device', 'a.tar.gz', await tarOf([{ name: 'a', type: 'block-device', devmajor: 8, devminor: 0 }])],
  ['a pipe', 'a.zip', zipOf([{ name: 'a', mode: 0o010644 }])],
  ['a hard link', 'a.tar.gz', await tarOf([{ name: 'a', type: 'link', linkname: '/etc/passwd' }])],
  ['a line break in a name', 'a.tar.gz', await tarOf([{ name: 'a\nb', text: 'x' }])],
  ['nothing that is an archive', 'a.zip', Buffer.from('nothing')],
]

for (const [what, name, archive] of hostile) {
  test(`${name} with ${what} is refused, and nothing is left outside`, async () => {
    const url = `https://example.org/${name}`
    await using recorded = await recordedWeb({ [url]: archive })
    const outer = mkdtempSync(join(top, 'outer-'))
    const folder = mkdtempSync(join(outer, 'in-'))
    const picked = await pickProvider(url, contextOf(recorded.http))

    await assert.rejects(picked.fetch(folder), (error: { code?: string }) =>
      /ARCHIVE_REFUSED|REPOSITORY_PATH_REFUSED/.test(error.code ?? ''),
    )

    assert.ok(!readdirSync(outer).includes('out.txt'))
  })
}

test('DOIs are known in all their spellings', () => {
  for (const text of [
    '10.5281/zenodo.1',
    'doi:10.5281/zenodo.1',
    'DOI: 10.5281/zenodo.1',
    'https://doi.org/10.5281/zenodo.1',
    'http://dx.doi.org/10.5281/zenodo.1',
  ])
    assert.equal(normalizeDoi(text), '10.5281/zenodo.1')
  for (const text of ['https://example.org/10.5281/x', '10.5281', 'text']) assert.equal(normalizeDoi(text), null)
})

test('a file of an archive that may be run stays so', async () => {
  const archive = await tarOf([
    { name: 'start', text: '#!/bin/sh', mode: 0o755 },
    { name: 'a', text: '' },
  ])
  await using recorded = await recordedWeb({ 'https://example.org/a.tar.gz': archive })
  const folder = mkdtempSync(join(top, 'modes-'))

  await (await pickProvider('https://example.org/a.tar.gz', contextOf(recorded.http))).fetch(folder)

  assert.equal(readFileSync(join(folder, 'start'), 'utf8'), '#!/bin/sh')
  const { statSync } = await import('node:fs')
  assert.equal(statSync(join(folder, 'start')).mode & 0o111, 0o111)
})
