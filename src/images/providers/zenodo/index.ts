/** Zenodo and other hosts of Invenio: a record and its files. */
import type { Provider, ProviderContext } from '../contract.ts'
import { resolveDoi } from '../doi.ts'
import { downloadAll, listAt, type RemoteFile, textAt } from '../files.ts'
import { unpackIfAlone } from '../unpack.ts'

interface Host {
  readonly hostname: string
  readonly files: (record: string, context: ProviderContext) => Promise<RemoteFile[]>
}

const hosts: readonly Host[] = [
  { hostname: 'zenodo.org', files: (record, context) => invenioFiles('https://zenodo.org', record, context) },
  {
    hostname: 'sandbox.zenodo.org',
    files: (record, context) => invenioFiles('https://sandbox.zenodo.org', record, context),
  },
  { hostname: 'data.caltech.edu', files: caltechFiles },
]

export const zenodo: Provider = {
  name: 'Zenodo',
  async detect(source, context) {
    const url = URL.parse(await resolveDoi(source, context.http))
    const host = hosts.find(({ hostname }) => hostname === url?.hostname)
    if (!url || !host || !/^\/(record|records|doi)\//.test(url.pathname)) return null
    const record = (url.pathname.replace(/\/$/, '').split('/').at(-1) ?? '').replace('zenodo.', '')
    return {
      identity: record,
      async fetch(folder) {
        context.log(`Fetching record ${record} of ${host.hostname}.\n`, 'fetching')
        await downloadAll(await host.files(record, context), folder, context)
        await unpackIfAlone(folder, { ...context, hoists: true, isArchive: (name) => name.endsWith('.zip') })
        return { contentId: record }
      },
    }
  },
}

async function invenioFiles(host: string, record: string, { http }: ProviderContext): Promise<RemoteFile[]> {
  const description = await http.json(`${host}/api/records/${record}`)
  const answer = await http.json(textAt(description, 'links', 'files') || `${host}/api/records/${record}/files`)
  return listAt(answer, 'entries').map((entry) => ({
    name: textAt(entry, 'key'),
    url: textAt(entry, 'links', 'content'),
  }))
}

async function caltechFiles(record: string, { http }: ProviderContext): Promise<RemoteFile[]> {
  const description = await http.json(`https://data.caltech.edu/api/record/${record}`)
  return listAt(description, 'metadata', 'electronic_location_and_access').map((entry) => ({
    name: textAt(entry, 'electronic_name', 0),
    url: textAt(entry, 'uniform_resource_identifier'),
  }))
}
