/** Figshare: an article in a version. */
import type { Provider } from '../contract.ts'
import { resolveDoi } from '../doi.ts'
import { dig, downloadAll, listAt, textAt } from '../files.ts'
import { unpackIfAlone } from '../unpack.ts'

const article = /\/articles\/(?:code\/|dataset\/|software\/)?[^/]+\/(\d+)\/?(\d+)?/

export const figshare: Provider = {
  name: 'Figshare',
  async detect(source, context) {
    const url = URL.parse(await resolveDoi(source, context.http))
    if (!url || !/(^|\.)figshare\.com$/.test(url.hostname) || !/^\/(account\/)?articles\//.test(url.pathname))
      return null
    const [, id, version = '1'] = article.exec(url.pathname) ?? []
    if (!id) return null
    const contentId = `${id}.v${version}`
    return {
      identity: contentId,
      async fetch(folder) {
        context.log(`Fetching Figshare article ${id}, version ${version}.\n`, 'fetching')
        const description = await context.http.json(`https://api.figshare.com/v2/articles/${id}/versions/${version}`)
        const files = listAt(description, 'files')
          .filter((file) => dig(file, 'is_link_only') !== true)
          .map((file) => ({ name: textAt(file, 'name'), url: textAt(file, 'download_url') }))
        await downloadAll(files, folder, context)
        await unpackIfAlone(folder, { ...context, hoists: false, isArchive: (name) => name.endsWith('.zip') })
        return { contentId }
      },
    }
  },
}
