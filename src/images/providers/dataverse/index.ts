/** Dataverse: one of the world's installations, a data set in its latest version. */
import { errors } from '../../errors.ts'
import type { Provider, ProviderContext } from '../contract.ts'
import { normalizeDoi, resolveDoi } from '../doi.ts'
import { downloadAll, listAt, textAt } from '../files.ts'
import { type Place, placeOf } from './address.ts'

const installations = 'https://iqss.github.io/dataverse-installations/data/data.json'

export const dataverse: Provider = {
  name: 'Dataverse',
  async detect(source, context) {
    // Only an address that could be one costs the question who they are.
    if (!normalizeDoi(source) && !looksLikeOne(source)) return null
    const url = URL.parse(await resolveDoi(source, context.http))
    if (!url || !(await hostnames(context)).has(url.hostname)) return null
    const place = placeOf(url)
    if (!place) throw errors.FLAG_INVALID({ flag: source, why: 'names neither a data set nor a file of a Dataverse' })
    const id = await dataset(url.origin, place, context)
    return {
      identity: id,
      async fetch(folder) {
        context.log(`Fetching the Dataverse data set ${id}.\n`, 'fetching')
        await downloadAll(await files(url.origin, id, context), folder, context)
        return { contentId: id }
      },
    }
  },
}

function looksLikeOne(source: string): boolean {
  return /persistentId=|\/api\/access\/datafile\/|\/dataset\.xhtml|\/file\.xhtml|\/citation/.test(source)
}

async function hostnames({ http, settings }: ProviderContext): Promise<Set<string>> {
  const list = await http.json(settings.dataverseInstallations ?? installations)
  return new Set(listAt(list, 'installations').map((entry) => textAt(entry, 'hostname')))
}

/** The persistent id of the data set that the place is, or is in. */
async function dataset(origin: string, place: Place, { http }: ProviderContext): Promise<string> {
  const query = (id: string) => new URLSearchParams({ persistentId: id })
  if (place.kind === 'dataset') {
    const known = await http.json(`${origin}/api/datasets/:persistentId?${query(place.id)}`)
    if (known !== null) return place.id
    if (!place.isMaybeFile) throw errors.REPOSITORY_NOT_FOUND({ source: place.id, why: 'there is no such data set' })
  }
  const words = new URLSearchParams({ returnDatasetVersion: 'true' })
  const path = place.kind === 'file-number' ? `${place.id}?${words}` : `:persistentId?${query(place.id)}&${words}`
  const file = await http.json(`${origin}/api/files/${path}`)
  const id = textAt(file, 'data', 'datasetVersion', 'datasetPersistentId')
  if (!id)
    throw errors.REPOSITORY_NOT_FOUND({ source: place.id, why: 'there is neither such a data set nor such a file' })
  return id
}

async function files(origin: string, id: string, { http }: ProviderContext) {
  const answer = await http.json(`${origin}/api/datasets/:persistentId?${new URLSearchParams({ persistentId: id })}`)
  return listAt(answer, 'data', 'latestVersion', 'files').map((file) => {
    const folder = textAt(file, 'directoryLabel')
    const name = textAt(file, 'dataFile', 'originalFileName') || textAt(file, 'label')
    return {
      name: folder ? `${folder}/${name}` : name,
      url: `${origin}/api/access/datafile/${textAt(file, 'dataFile', 'id')}?format=original`,
    }
  })
}
