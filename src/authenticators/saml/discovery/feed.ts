import type { Choice } from '../metadata/catalog.ts'
import type { Localized } from '../metadata/entity.ts'

/** The JSON that embedded choosers read from `/Shibboleth.sso/DiscoFeed`. */
export function discoFeed(choices: readonly Choice[]): string {
  return JSON.stringify(
    choices.map(({ entityId, displayNames, keywords, logo }) => ({
      entityID: entityId,
      DisplayNames: texts(displayNames),
      ...(Object.keys(keywords).length > 0 && { Keywords: texts(keywords) }),
      ...(logo && {
        Logos: [
          { value: logo.url, height: `${logo.height}`, width: `${logo.width}`, ...(logo.lang && { lang: logo.lang }) },
        ],
      }),
    })),
  )
}

function texts(localized: Localized) {
  return Object.entries(localized).map(([lang, value]) => ({ value, lang }))
}
