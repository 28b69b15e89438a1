/** `npm run containers`: the images of the hub and the proxy. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildContainers } from './build.ts'

const help = `Builds the images of the hub and the proxy with buildah.

Usage: npm run containers -- [options]

  --registry NAME  push them there: registry.example.org/himalia (default: they stay on this machine)
  --tag TAG        default: the version in package.json
  --base IMAGE     what they begin with, instead of debian:bookworm-slim
  --plain          the registry has no TLS
`

const root = join(import.meta.dirname, '..', '..')
const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== '--'),
  options: {
    registry: { type: 'string' },
    tag: { type: 'string' },
    base: { type: 'string' },
    plain: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
})
if (values.help) process.stdout.write(help)
else {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const { registry = null, tag = version, base = null, plain = false } = values
  const names = buildContainers({ root, registry, tag, base, isPlain: plain })
  process.stdout.write(`${names.join('\n')}\n`)
}
