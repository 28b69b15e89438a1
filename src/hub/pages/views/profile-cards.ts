/** The profiles as the cards of the spawn form, with the field names that KubeSpawner's form has. */
import type { Profile, ProfileOption } from '#config'
import type { Edition } from '#spawners'
import { type Fact, factsOf } from './edition-view.ts'
import { limitedHtml, withoutTags } from './limited-html.ts'

export interface ProfileCard {
  readonly slug: string
  readonly name: string
  /** Safe HTML. */
  readonly description: string
  readonly checked: boolean
  readonly isDefault: boolean
  readonly isLast: boolean
  /** What it would give, as far as that is known. */
  readonly facts: readonly Fact[]
  readonly options: readonly OptionField[]
}

export interface OptionField {
  readonly field: string
  readonly label: string
  readonly choices: readonly { readonly value: string; readonly label: string; readonly selected: boolean }[]
  readonly unlisted: UnlistedField | null
}

export interface UnlistedField {
  readonly field: string
  readonly label: string
  readonly choiceLabel: string
  /** Safe HTML. */
  readonly description: string
  readonly pattern: string | null
  readonly message: string | null
  readonly value: string
  readonly selected: boolean
}

export type UserOptions = Readonly<Record<string, unknown>>

/** What a member of the groups may pick. Group names are compared without regard to case. */
export function offeredProfiles(profiles: readonly Profile[], groups: readonly string[]): readonly Profile[] {
  const mine = new Set(groups.map((group) => group.toLowerCase()))
  const isMine = ({ allowedGroups }: { readonly allowedGroups: readonly string[] | null }) =>
    allowedGroups === null || allowedGroups.some((group) => mine.has(group.toLowerCase()))
  return profiles.filter(isMine).map((profile) => ({
    ...profile,
    options: profile.options.map((option) => ({
      ...option,
      choices: option.choices.filter(isMine),
      unlistedChoice: option.unlistedChoice && isMine(option.unlistedChoice) ? option.unlistedChoice : null,
    })),
  }))
}

/** `chosen` are the options to show as picked, `last` those of the last start, `offers` what each profile gives. */
export function profileCards(
  profiles: readonly Profile[],
  { chosen, last, offers }: { chosen: UserOptions; last: UserOptions; offers: ReadonlyMap<string, Edition> },
): readonly ProfileCard[] {
  const picked =
    profiles.find(({ slug }) => slug === chosen.profile) ?? profiles.find(({ isDefault }) => isDefault) ?? profiles[0]
  return profiles.map((profile) => ({
    slug: profile.slug,
    name: withoutTags(profile.displayName) || profile.slug,
    description: limitedHtml(profile.description),
    checked: profile === picked,
    isDefault: profile.isDefault,
    isLast: profile.slug === last.profile,
    facts: factsOf(offers.get(profile.slug) ?? {}),
    options: profile.options.map((option) => optionField(profile.slug, option, profile === picked ? chosen : {})),
  }))
}

function optionField(slug: string, option: ProfileOption, chosen: UserOptions): OptionField {
  const field = optionName(slug, option.name)
  const wanted = chosen[option.name]
  const typed = chosen[unlistedKey(option.name)]
  const isKnown = option.choices.some(({ name }) => name === wanted)
  const isUnlisted = typeof typed === 'string' && !isKnown && option.unlistedChoice !== null
  return {
    field,
    label: withoutTags(option.displayName) || option.name,
    choices: option.choices.map(({ name, displayName, isDefault }) => ({
      value: name,
      label: withoutTags(displayName) || name,
      selected: isKnown ? name === wanted : isDefault && !isUnlisted,
    })),
    unlisted: option.unlistedChoice && {
      field: `${field}--${unlistedSuffix}`,
      label: withoutTags(option.unlistedChoice.displayName),
      choiceLabel: withoutTags(option.unlistedChoice.displayNameInChoices),
      description: limitedHtml(option.unlistedChoice.description),
      pattern: option.unlistedChoice.validationRegex,
      message: option.unlistedChoice.validationMessage,
      value: isUnlisted ? typed : '',
      selected: isUnlisted,
    },
  }
}

export const unlistedSuffix = 'unlisted-choice'

export function optionName(slug: string, option: string): string {
  return `profile-option-${slug}--${option}`
}

export function unlistedKey(option: string): string {
  return `${option}--${unlistedSuffix}`
}
