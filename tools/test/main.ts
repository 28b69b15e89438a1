/** All tests, quick ones first: types and format, units beside the code, then real components. Ends with one line of counts. */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join, relative } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { noCluster } from '../../test/cluster/index.ts'
import { down, exists } from '../../test/cluster/lifecycle.ts'

const root = join(import.meta.dirname, '..', '..')
const counts = { passed: 0, failed: 0, skipped: 0 }

const [first, ...rest] = process.argv.slice(2)
const onlyChecks = first === '--checks'
const patterns = onlyChecks ? rest : process.argv.slice(2)

if (patterns.length === 0) {
  check('types', ['tsc', '--pretty', String(process.stdout.isTTY ?? false)])
  check('format and lint', ['biome', 'ci', '--colors', process.stdout.isTTY ? 'force' : 'off', '.'])
}
const hadCluster = exists()
if (counts.failed === 0) {
  await runTests('house checks', files('tools'), 2)
  if (!onlyChecks) {
    await runTests('unit tests', files('src'), 2)
    if (noCluster)
      process.stdout.write(`Tests on Kubernetes are skipped: ${noCluster}. See docs/development-cluster.md.\n`)
    // Real components share two cores, a display of ports and one package cache: one after the other.
    await runTests('tests with real components', files('test'), 1)
  }
}
if (!hadCluster && exists()) await down()
const skipsFail = process.env.CI === 'true' && counts.skipped > 0
if (skipsFail) process.stdout.write('A skipped test is a failure in CI.\n')
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`)
process.exitCode = counts.failed > 0 || skipsFail || counts.passed === 0 ? 1 : 0

function files(folder: string): string[] {
  const all = globSync(`${folder}/**/*.test.ts`, { cwd: root, exclude: ['**/node_modules/**'] }).sort()
  const chosen =
    patterns.length === 0
      ? all
      : all.filter((file) => patterns.some((pattern) => file.includes(relative(root, join(root, pattern)))))
  return chosen.map((file) => join(root, file))
}

function check(what: string, [program = '', ...args]: string[]): void {
  process.stdout.write(`${what} …\n`)
  const { status } = spawnSync(join(root, 'node_modules', '.bin', program), args, { cwd: root, stdio: 'inherit' })
  counts[status === 0 ? 'passed' : 'failed'] += 1
}

async function runTests(what: string, chosen: string[], concurrency: number): Promise<void> {
  if (chosen.length === 0) return
  process.stdout.write(`${what}: ${chosen.length} files …\n`)
  const stream = run({ files: chosen, concurrency, timeout: 600_000 })
  stream.on('test:pass', ({ skip, details }) => {
    if (details.type === 'suite') return
    counts[skip === undefined ? 'passed' : 'skipped'] += 1
  })
  stream.on('test:fail', ({ details }) => {
    if (details.type !== 'suite') counts.failed += 1
  })
  const report = stream.compose(spec)
  report.pipe(process.stdout, { end: false })
  await new Promise((resolve) => report.once('end', resolve))
}
