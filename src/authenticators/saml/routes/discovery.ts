/** Our own page to choose an institution, and the feed for pages of others. */
import type { Step, Visit } from '../../contract.ts'
import { discoFeed } from '../discovery/feed.ts'
import { offersOf, search } from '../discovery/search.ts'
import type { Parts } from '../parts.ts'

/** More than that nobody reads; a word more finds it. */
const mostOffers = 30

export async function discovery({ sp, metadata }: Parts, visit: Visit): Promise<Step> {
  const words = (visit.url.searchParams.get('q') ?? '').slice(0, 200)
  const { language, next } = visit
  const choices = offersOf(await metadata.choices(), {
    only: sp.identityProviders,
    hidden: sp.options.hideCategories,
    language,
  })
  const { offers, total } = search(choices, { words, language, most: mostOffers })
  const login = new URL(visit.routeUrl(sp.paths.login))
  if (next !== null) login.searchParams.set('next', next)
  const linkOf = (entityId: string) => {
    const url = new URL(login)
    url.searchParams.set('entityID', entityId)
    return `${url.pathname}${url.search}`
  }
  return {
    kind: 'page',
    template: 'institutions',
    variables: {
      offers: offers.map(({ entityId, name, logo, host }) => ({
        entityId,
        name,
        host,
        // Those of other sites would tell them who looks.
        logo: logo?.startsWith('data:') ? logo : null,
        url: linkOf(entityId),
      })),
      total,
      all: choices.length,
      words,
      next: next ?? '',
      login_path: `${login.pathname}${login.search}`,
      action: new URL(visit.routeUrl(sp.paths.discovery)).pathname,
    },
  }
}

export async function feed({ sp, metadata }: Parts, visit: Visit): Promise<Step> {
  const choices = offersOf(await metadata.choices(), {
    only: sp.identityProviders,
    hidden: sp.options.hideCategories,
    language: visit.language,
  })
  return { kind: 'answer', status: 200, type: 'application/json', body: discoFeed(choices) }
}
