/** CKAN: a data set of one of the many portals. */
import type { Provider } from '../contract.ts'
import { downloadAll, listAt, textAt } from '../files.ts'

export const ckan: Provider = {
  name: 'CKAN',
  async detect(source, context) {
    const url = URL.parse(source)
    if (!url || !/^https?:$/.test(url.protocol) || !url.pathname.includes('/dataset/')) return null
    const [prefix = '', rest = ''] = url.pathname.split('/dataset/')
    const api = `${url.origin}${prefix}/api/3/action`
    const status = await context.http.response(`${api}/status_show`)
    await status.body?.cancel()
    if (!status.ok) return null
    const [dataset = '', word, fromPath] = rest.split('/')
    const activity = (word === 'history' && fromPath) || url.searchParams.get('activity_id')
    const description = await context.http.json(
      activity
        ? `${api}/activity_data_show?${new URLSearchParams({ id: activity, object_type: 'package' })}`
        : `${api}/package_show?${new URLSearchParams({ id: dataset })}`,
    )
    const changed = Date.parse(`${textAt(description, 'result', 'metadata_modified').replace(/Z?$/, 'Z')}`)
    const contentId = `${dataset}.v${Math.floor(changed / 1000) || 0}`
    return {
      identity: contentId,
      async fetch(folder) {
        context.log(`Fetching CKAN data set ${dataset}.\n`, 'fetching')
        const files = listAt(description, 'result', 'resources').map((resource) => ({
          name: lastSegment(textAt(resource, 'url')) || textAt(resource, 'id'),
          url: textAt(resource, 'url'),
        }))
        await downloadAll(files, folder, context)
        return { contentId }
      },
    }
  },
}

const lastSegment = (url: string) => decodeURIComponent(URL.parse(url)?.pathname.split('/').at(-1) ?? '')
