/**
 * `himalia config check` beside `helm lint`, each as a whole process, on one file of 2,000 lines.
 * `npm run bench -- config [CHART]`: helm lints with that chart (one of z2jh, say), else with ours.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { briefFlags, nodeEnvironment } from '../../tools/setup/hand-over.js'

const root = join(import.meta.dirname, '..', '..')
const rounds = 10

interface Contender {
  readonly name: string
  readonly argv: readonly [string, ...string[]]
}

export function main(chart = process.argv[2]): void {
  const folder = mkdtempSync(join(tmpdir(), 'himalia-bench-'))
  try {
    const file = join(folder, 'config.yaml')
    const text = largeConfig()
    writeFileSync(file, text)
    const charts = { 'its own chart': chart ?? join(root, 'chart'), 'only its schema': bareChart(folder) }
    const contenders = [...ours(file), ...Object.entries(charts).flatMap(([what, at]) => helm(file, { what, at }))]
    console.log(`A file of ${text.split('\n').length - 1} lines, the median of ${rounds} runs:`)
    for (const contender of contenders) console.log(`${contender.name.padEnd(40)} ${median(contender).toFixed(0)} ms`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function ours(file: string): Contender[] {
  const words = ['config', 'check', file]
  return [
    { name: 'himalia config check', argv: [process.execPath, ...briefFlags, join(root, 'src/cli/main.ts'), ...words] },
    { name: '  the same through npx, with its set-up', argv: [join(root, 'bin/himalia.js'), ...words] },
  ]
}

function helm(file: string, { what, at }: { what: string; at: string }): Contender[] {
  const own = join(root, '.himalia', 'cluster', 'bin', 'helm')
  const program = existsSync(own) ? own : 'helm'
  if (spawnSync(program, ['version']).status !== 0) {
    console.log('There is no helm: `npm run cluster -- up` builds one.')
    return []
  }
  return [
    {
      name: `helm lint (${at === process.argv[2] ? at : what})`,
      argv: [program, 'lint', at, '--values', file],
    },
  ]
}

/** A chart of nothing but a schema. */
function bareChart(folder: string): string {
  const chart = join(folder, 'chart')
  mkdirSync(join(chart, 'templates'), { recursive: true })
  writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: bare\nversion: 1.0.0\n')
  copyFileSync(join(root, 'chart', 'values.schema.json'), join(chart, 'values.schema.json'))
  copyFileSync(join(root, 'chart', 'values.yaml'), join(chart, 'values.yaml'))
  return chart
}

/** Milliseconds from the start of the process to its end. Errors: a run that finds something wrong. */
function median({ name, argv: [program, ...words] }: Contender): number {
  const times = Array.from({ length: rounds + 1 }, () => {
    const begin = performance.now()
    const { status, stdout, stderr } = spawnSync(program, words, {
      encoding: 'utf8',
      env: { ...nodeEnvironment, ...process.env },
    })
    if (status !== 0) throw new Error(`${name} ended with ${status}:\n${stdout}${stderr}`)
    return performance.now() - begin
  }).slice(1)
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!
}

function largeConfig(): string {
  const profiles = Array.from({ length: 160 }, (_, index) => [
    `    - display_name: Environment ${index}`,
    `      description: For course ${index}`,
    `      slug: environment-${index}`,
    `      default: ${index === 0}`,
    '      kubespawner_override:',
    `        image: registry.example.org/course-${index}:2026`,
    `        mem_limit: ${(index % 8) + 1}G`,
    `        cpu_limit: ${(index % 4) + 1}`,
    '        environment:',
    `          COURSE: "${index}"`,
    '        node_selector:',
    '          pool: users',
  ]).flat()
  const users = Array.from({ length: 80 }, (_, index) => `        - student-${index}`)
  const head = ['hub:', '  config:', '    Authenticator:', '      allowed_users:', ...users]
  return `${[...head, 'singleuser:', '  profileList:', ...profiles].join('\n')}\n`
}

if (import.meta.main) main()
