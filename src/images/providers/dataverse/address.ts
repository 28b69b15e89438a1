/** What an address of a Dataverse means. */
export type Place =
  | { readonly kind: 'dataset'; readonly id: string; readonly isMaybeFile: boolean }
  | { readonly kind: 'file-number'; readonly id: string }
  | { readonly kind: 'file-id'; readonly id: string }

export function placeOf(url: URL): Place | null {
  const id = url.searchParams.get('persistentId')
  if (url.pathname.endsWith('/citation') && id) return { kind: 'dataset', id, isMaybeFile: true }
  if (url.pathname.endsWith('/dataset.xhtml') && id) return { kind: 'dataset', id, isMaybeFile: false }
  if (url.pathname.endsWith('/file.xhtml') && id) return { kind: 'file-id', id }
  const number = /\/api\/access\/datafile\/(\d+)$/.exec(url.pathname)?.[1] ?? url.searchParams.get('fileId')
  if (number && /^\d+$/.test(number)) return { kind: 'file-number', id: number }
  if (/\/api\/access\/datafile\/:persistentId$/.test(url.pathname) && id) return { kind: 'file-id', id }
  return null
}
