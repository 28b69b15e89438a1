/** The programs of the cluster for tests, built from Go modules: each folder of `test/cluster/go` pins the versions of one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { runCommand } from '../command.js'
import { made, root } from '../paths.js'

const modules = join(root, 'test', 'cluster', 'go')
export const programs = join(made, 'cluster', 'bin')

/** The largest first: it takes half the time. @returns {import('../steps.js').Step[]} */
export function clusterPrograms() {
  return readdirSync(modules)
    .sort((a, b) => toolsOf(b).length - toolsOf(a).length)
    .map((name) => {
      const words = [
        'build',
        '-trimpath',
        '-buildvcs=false',
        `-ldflags=${linkerFlags(name)}`,
        `-o=${output(name)}`,
        'tool',
      ]
      return {
        title: `Cluster for tests: ${toolsOf(name).join(', ')} (from source, some minutes)`,
        stamp: `cluster-${name}`,
        inputs: () => [goMod(name), readFileSync(join(modules, name, 'go.sum'), 'utf8'), ...words].join('\n'),
        isWhole: () => toolsOf(name).every((tool) => existsSync(join(programs, tool))),
        work: async (say) => {
          // Without cgo they need no library, so they run in an empty image too.
          const options = { say, cwd: join(modules, name), env: { CGO_ENABLED: '0' }, what: `Building ${name}` }
          await runCommand(['nice', '-n', '19', 'go', ...words], options)
        },
      }
    })
}

/** A folder, in which every program has the name that its authors gave it; but there are two named helm. */
const output = (name) => (name === 'helm4' ? join(programs, name) : `${programs}/`)

const goMod = (name) => readFileSync(join(modules, name, 'go.mod'), 'utf8')

/** The commands that a module's `tool` lines name. */
function toolsOf(name) {
  const [, block = ''] = /^tool \(([^)]*)\)/m.exec(goMod(name)) ?? /^tool (.*)$/m.exec(goMod(name)) ?? []
  return block
    .trim()
    .split(/\s+/)
    .map((path) => (name === 'helm4' ? name : basename(path)))
}

/** Kubernetes' own build writes its version in by the linker; without it nothing trusts the answers. */
function linkerFlags(name) {
  const version = /k8s\.io\/kubernetes (v(\d+)\.(\d+)\S*)/.exec(goMod(name))
  if (!version) return '-s -w'
  const [, whole, major, minor] = version
  const at = 'k8s.io/component-base/version'
  return `-s -w -X ${at}.gitVersion=${whole} -X ${at}.gitMajor=${major} -X ${at}.gitMinor=${minor}`
}
