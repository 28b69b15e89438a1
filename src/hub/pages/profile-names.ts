import type { Profile } from '#config'
import { withoutTags } from './views/limited-html.ts'

/** Gives the display name of a profile's slug, or null for one that is not offered. */
export function profileNames(profiles: readonly Profile[]): (slug: unknown) => string | null {
  return (slug) => {
    const profile = profiles.find((each) => each.slug === slug)
    return profile === undefined ? null : withoutTags(profile.displayName) || profile.slug
  }
}
