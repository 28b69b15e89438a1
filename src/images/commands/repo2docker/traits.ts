/** repo2docker's traits: what a configuration file or `--Class.trait=value` may set. */
import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { messageOf } from '#base/errors.ts'
import { errors } from '../../errors.ts'
import { readLiteral } from './python-literal.ts'

export type Traits = ReadonlyMap<string, unknown>

/** Those that have a meaning here, with the flag that says the same where there is one. */
export const knownTraits: Readonly<Record<string, string | null>> = {
  'Repo2Docker.all_ports': 'publish-all',
  'Repo2Docker.appendix': 'appendix',
  'Repo2Docker.base_image': null,
  'Repo2Docker.cache_from': 'cache-from',
  'Repo2Docker.cleanup_checkout': null,
  'Repo2Docker.default_buildpack': null,
  // Ours: the Python of repositories that name none.
  'Repo2Docker.default_python': null,
  'Repo2Docker.dry_run': 'no-build',
  'Repo2Docker.engine': 'engine',
  'Repo2Docker.environment': 'env',
  'Repo2Docker.extra_build_args': null,
  'Repo2Docker.git_workdir': null,
  'Repo2Docker.json_logs': 'json-logs',
  'Repo2Docker.labels': null,
  'Repo2Docker.output_image_spec': 'image-name',
  'Repo2Docker.platform': null,
  'Repo2Docker.push': 'push',
  'Repo2Docker.ref': 'ref',
  'Repo2Docker.repo': null,
  'Repo2Docker.run': null,
  'Repo2Docker.run_cmd': null,
  'Repo2Docker.subdir': 'subdir',
  'Repo2Docker.swh_token': null,
  'Repo2Docker.target_repo_dir': 'target-repo-dir',
  'Repo2Docker.user_id': 'user-id',
  'Repo2Docker.user_name': 'user-name',
  'Repo2Docker.volumes': null,
  'DockerEngine.extra_buildx_build_args': null,
}

/** The file's, then those of the command line. */
export function readTraits(file: string | null, given: ReadonlyMap<string, string>): Traits {
  const traits = new Map(file === null ? [] : Object.entries(readConfigFile(file)))
  for (const [name, text] of given) traits.set(name, literalOrText(text))
  for (const name of traits.keys()) {
    if (name === 'Repo2Docker.build_memory_limit') continue
    if (!(name in knownTraits)) throw errors.FLAG_UNSUPPORTED({ flag: name, why: 'it has no meaning here' })
  }
  return traits
}

function literalOrText(text: string): unknown {
  try {
    return readLiteral(text)
  } catch {
    return text
  }
}

/** `Repo2Docker.ref` → value. */
function readConfigFile(file: string): Record<string, unknown> {
  const text = readFileSync(file, 'utf8')
  if (file.endsWith('.py')) return readPython(text, file)
  let content: unknown
  try {
    content = load(text)
  } catch (error) {
    throw errors.FILE_INVALID({ file, why: `can't be read: ${messageOf(error).split('\n')[0]}` }, error)
  }
  const classes = Object.entries((content ?? {}) as Record<string, Record<string, unknown>>)
  return Object.fromEntries(
    classes.flatMap(([name, traits]) => Object.entries(traits).map(([trait, value]) => [`${name}.${trait}`, value])),
  )
}

/** Assignments of literals; anything else would need Python. */
function readPython(text: string, file: string): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#.*)?$/.test(line) || /^c = get_config\(\)/.test(line)) continue
    const [, name, value = ''] = /^c\.([A-Z]\w*\.\w+)\s*=\s*(.*)$/.exec(line) ?? []
    const refuse = (cause?: unknown) =>
      errors.FILE_INVALID(
        {
          file,
          why: `can't be taken at line ${index + 1}: only lines such as c.Repo2Docker.ref = "v1" are understood, Python is not`,
        },
        cause,
      )
    if (!name) throw refuse()
    try {
      found[name] = readLiteral(value)
    } catch (error) {
      throw refuse(error)
    }
  }
  return found
}
