/** repo2docker's flags, one row each, read as Python's argparse reads them: unique beginnings will do. */
import { errors } from '../../errors.ts'

interface Flag {
  readonly long: string
  readonly short?: string
  readonly value?: string
  readonly multiple?: boolean
  readonly help: string
  readonly isHidden?: boolean
}

export const flags: readonly Flag[] = [
  { long: 'help', short: 'h', help: 'show this' },
  { long: 'help-all', help: 'show this, and every trait' },
  { long: 'version', help: 'print the version' },
  { long: 'config', value: 'PATH', help: 'a repo2docker_config.py, .json or .yaml' },
  { long: 'json-logs', help: 'one JSON object a line on standard error' },
  { long: 'image-name', value: 'NAME', help: 'the name of the image' },
  { long: 'ref', value: 'REF', help: 'a branch, tag or commit' },
  { long: 'debug', help: 'log more, and the Dockerfile before the build' },
  { long: 'build', help: 'build (as it does by default)' },
  { long: 'no-build', help: 'print the Dockerfile on standard output and build nothing' },
  { long: 'run', help: 'run the image after the build (as it does by default)' },
  { long: 'no-run', help: "don't run it" },
  { long: 'push', help: 'push the image; with --no-run' },
  { long: 'no-push', help: "don't push it (as it does by default)" },
  {
    long: 'publish',
    short: 'p',
    value: 'PORT',
    multiple: true,
    help: '[[HOST_IP:]HOST_PORT:]CONTAINER_PORT[/tcp|udp]',
  },
  { long: 'publish-all', short: 'P', help: 'publish all ports that the image names' },
  { long: 'volume', short: 'v', value: 'SRC:DEST', multiple: true, help: 'a folder that the container sees' },
  { long: 'env', short: 'e', value: 'K[=V]', multiple: true, help: 'a variable of the container' },
  { long: 'editable', short: 'E', help: 'let the container see the repository itself instead of a copy' },
  { long: 'user-id', value: 'N', help: "the user's id in the image (default: yours)" },
  { long: 'user-name', value: 'NAME', help: "the user's name in the image (default: yours)" },
  { long: 'target-repo-dir', value: 'PATH', help: "where the files go (default: the user's home)" },
  { long: 'appendix', value: 'TEXT', help: 'lines of a Dockerfile at the end' },
  { long: 'label', value: 'K=V', multiple: true, help: 'a label of the image' },
  { long: 'build-arg', value: 'K=V', multiple: true, help: 'a build argument' },
  { long: 'subdir', value: 'PATH', help: 'build this folder of the repository' },
  { long: 'cache-from', value: 'IMAGE', multiple: true, help: 'an image whose layers may be used' },
  { long: 'clean', help: 'remove the checkout at the end (as it does by default)' },
  { long: 'no-clean', help: 'keep the checkout, where --Repo2Docker.git_workdir has it' },
  { long: 'engine', value: 'NAME', help: 'docker, podman or buildah' },
  { long: 'build-memory-limit', value: 'SIZE', isHidden: true, help: '' },
]

export interface Given {
  /** Switches that are on, and the values of flags, in the order of the command line. */
  readonly values: ReadonlyMap<string, readonly string[]>
  /** `Repo2Docker.platform` → `linux/arm64`. */
  readonly traits: ReadonlyMap<string, string>
  readonly repo: string | null
  readonly command: readonly string[]
}

/** Everything after the repository is the command to run. */
export function readFlags(argv: readonly string[]): Given {
  const values = new Map<string, string[]>()
  const traits = new Map<string, string>()
  const words = [...argv]
  let repo: string | null = null
  const add = (flag: Flag, value: string) => {
    values.set(flag.long, flag.multiple ? [...(values.get(flag.long) ?? []), value] : [value])
  }
  while (repo === null && words.length > 0) {
    const word = words.shift()!
    const trait = /^--([A-Z]\w*\.\w+)(?:=(.*))?$/s.exec(word)
    if (trait) traits.set(trait[1]!, trait[2] ?? take(words, word))
    else if (word === '--') repo = words.shift() ?? null
    else if (word.startsWith('--')) {
      const at = word.indexOf('=')
      const flag = findLong(at === -1 ? word.slice(2) : word.slice(2, at))
      if (!flag.value && at !== -1) throw refuse(`--${flag.long}`, 'takes no value')
      add(flag, flag.value ? (at === -1 ? take(words, `--${flag.long}`) : word.slice(at + 1)) : '')
    } else if (word.startsWith('-') && word.length > 1) readShort(word, words, add)
    else repo = word
  }
  return { values, traits, repo, command: words[0] === '--' ? words.slice(1) : words }
}

/** `-p 80`, `-p80`, `-EP`. */
function readShort(word: string, words: string[], add: (flag: Flag, value: string) => void): void {
  for (let index = 1; index < word.length; index += 1) {
    const flag = flags.find(({ short }) => short === word[index])
    if (!flag) throw refuse(`-${word[index]}`, 'is no flag')
    if (flag.value) {
      const rest = word.slice(index + 1).replace(/^=/, '')
      add(flag, rest === '' ? take(words, `-${flag.short}`) : rest)
      return
    }
    add(flag, '')
  }
}

function findLong(name: string): Flag {
  const exact = flags.find(({ long }) => long === name)
  const beginnings = flags.filter(({ long }) => long.startsWith(name))
  if (exact) return exact
  if (beginnings.length > 1)
    throw refuse(`--${name}`, `could be ${beginnings.map(({ long }) => `--${long}`).join(' or ')}`)
  if (!beginnings[0]) throw refuse(`--${name}`, 'is no flag')
  return beginnings[0]
}

function take(words: string[], flag: string): string {
  const value = words.shift()
  if (value === undefined) throw refuse(flag, 'needs a value')
  return value
}

const refuse = (flag: string, why: string) => errors.FLAG_INVALID({ flag, why })

export function flagHelp(): string {
  const shown = flags.filter(({ isHidden }) => !isHidden)
  const left = shown.map(
    ({ long, short, value }) => `--${long}${short ? `, -${short}` : ''}${value ? ` ${value}` : ''}`,
  )
  const width = Math.max(...left.map((text) => text.length))
  return shown.map(({ help }, index) => `  ${left[index]?.padEnd(width)}  ${help}`).join('\n')
}
