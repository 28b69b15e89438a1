/** What planning asks of the network. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { networkFacts } from '../../src/images/buildpacks/facts.ts'
import { recordedWeb } from './recorded-web.ts'

const posit = 'POST https://packagemanager.posit.co/__api__/url'

test('a day without a snapshot of CRAN has that of a day before', async () => {
  await using web = await recordedWeb({ [posit]: [404, { upsi: '' }, { upsi: '2025-06-29' }] })

  const mirror = await networkFacts(web.http, Date.now).cranSnapshot('2025-07-01')

  assert.equal(mirror, `https://packagemanager.posit.co/all/__linux__/$\{VERSION_CODENAME}/2025-06-29`)
})

test('a week without one is said', async () => {
  await using web = await recordedWeb({ [posit]: 404 })

  await assert.rejects(networkFacts(web.http, Date.now).cranSnapshot('2025-07-01'), { code: 'VERSION_NOT_FOUND' })
  assert.equal(web.asked.length, 7)
})

test('the releases of Julia are those of its index', async () => {
  await using web = await recordedWeb({
    'https://julialang-s3.julialang.org/bin/versions.json': { '1.10.4': { stable: true }, '1.11.0-rc1': {} },
  })

  assert.deepEqual(await networkFacts(web.http, Date.now).juliaVersions(), ['1.10.4', '1.11.0-rc1'])
})
