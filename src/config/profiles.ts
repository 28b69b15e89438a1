/** One entry of `singleuser.profileList`, with the names and rules of KubeSpawner. */
export interface Profile {
  readonly slug: string
  /** May hold HTML, as in the original. */
  readonly displayName: string
  readonly description: string
  /** True for exactly one profile of a list. */
  readonly isDefault: boolean
  /** `kubespawner_override`, verbatim. */
  readonly override: Readonly<Record<string, unknown>>
  /** Groups whose members may pick it; null: everybody. */
  readonly allowedGroups: readonly string[] | null
  readonly options: readonly ProfileOption[]
}

/** A question that a profile asks, e.g. which image. */
export interface ProfileOption {
  readonly name: string
  readonly displayName: string
  readonly choices: readonly ProfileChoice[]
  readonly unlistedChoice: UnlistedChoice | null
}

export interface ProfileChoice {
  readonly name: string
  readonly displayName: string
  readonly description: string
  /** True for exactly one choice of an option that has choices. */
  readonly isDefault: boolean
  readonly override: Readonly<Record<string, unknown>>
  readonly allowedGroups: readonly string[] | null
}

/** A text that the user types instead of picking a choice. */
export interface UnlistedChoice {
  readonly displayName: string
  readonly displayNameInChoices: string
  readonly description: string
  /** A regular expression in Python's notation; null: anything goes. */
  readonly validationRegex: string | null
  readonly validationMessage: string | null
  /** `{value}` stands for the text. */
  readonly override: Readonly<Record<string, unknown>>
  readonly allowedGroups: readonly string[] | null
}
