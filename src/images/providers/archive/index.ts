/** An archive at an address: `https://example.org/course.tar.gz`. */
import { rm } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Provider } from '../contract.ts'
import { hoistOnlyFolder, isArchive, unpack } from '../unpack.ts'

export const archive: Provider = {
  name: 'Archive',
  async detect(source, context) {
    const url = URL.parse(source)
    if (!url || !/^https?:$/.test(url.protocol) || !isArchive(url.pathname)) return null
    return {
      identity: null,
      async fetch(folder) {
        const file = `${folder}.${basename(url.pathname)}`
        await context.http.download(source, file)
        await unpack(file, folder, context)
        await rm(file)
        await hoistOnlyFolder(folder)
        return { contentId: null }
      },
    }
  },
}
