import { anything, either, flag, freeMap, integer, map, names, number, oneOf, record, text, texts } from './kinds.ts'

const yes = either(flag(), oneOf(['True', 'False', 'true', 'false']), { expected: 'true or false' })
const words = either(text(), either(number(), integer()), { expected: 'a text' })
const override = freeMap({ expected: 'a map of traits of the spawner', format: 'override' })
const groups = texts({ expected: 'a list of groups' })

const choice = record(
  {
    display_name: words,
    description: words,
    slug: words,
    default: yes,
    kubespawner_override: override,
    allowed_groups: groups,
  },
  { open: true },
)

const unlistedChoice = record(
  {
    enabled: yes,
    display_name: words,
    description: words,
    display_name_in_choices: words,
    description_in_choices: words,
    validation_regex: text({ format: 'regex' }),
    validation_message: words,
    kubespawner_override: override,
    allowed_groups: groups,
  },
  { open: true },
)

const option = record(
  {
    display_name: words,
    description: words,
    choices: map(choice),
    unlisted_choice: unlistedChoice,
    dynamic_image_building: anything(),
  },
  { open: true },
)

/** An entry of `singleuser.profileList`; keys that we don't know are tolerated, as KubeSpawner tolerates them. */
export const profile = record(
  {
    display_name: words,
    description: words,
    slug: words,
    default: yes,
    kubespawner_override: override,
    profile_options: map(option),
    allowed_groups: groups,
  },
  { open: true },
)

/** An entry of `singleuser.overrides`. */
export const serverOverride = record({
  users: names(),
  groups: names(),
  admins: flag(),
  kubespawner_override: override,
})
