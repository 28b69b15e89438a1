/** `himalia hub`: the hub in the pod that the Helm chart makes. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '#base/clock.ts'
import { HimaliaError } from '#base/errors.ts'
import { jsonLog } from '#base/log.ts'
import { formatProblems, hasErrors } from '#config'
import { createKube } from '#kube'
import { type Option, optionHelp, readArguments, readPort } from '../arguments.ts'
import { openClusterHub } from '../cluster/hub.ts'
import { newestValues } from '../cluster/newest-values.ts'
import { readRelease } from '../cluster/release.ts'
import { loadValues } from '../cluster/settings.ts'
import { onEndSignal } from '../end-signal.ts'

const options: readonly Option[] = [
  { name: 'config-dir', value: 'DIR', help: 'where the chart mounts its Secrets (default /usr/local/etc/jupyterhub)' },
  { name: 'data-dir', value: 'DIR', help: 'where the volume of the database is (default /srv/jupyterhub)' },
  { name: 'port', value: 'PORT', help: 'where it listens, on all addresses (default 8081)' },
]

const help = `Runs the hub in the pod that the Helm chart makes. Elsewhere it is \`himalia start\`.

Usage: himalia hub [options]

${optionHelp(options)}

Example:
  himalia hub

A changed Secret is taken up while it runs.
Exit codes: 0 stopped as asked, 1 it could not run, 2 the command line or the values are wrong.`

export async function hub(argv: readonly string[]): Promise<number> {
  const given = readArguments(argv, options)
  if (given.help) {
    process.stdout.write(`${help}\n`)
    return 0
  }
  const configDir = (given['config-dir'] as string | undefined) ?? '/usr/local/etc/jupyterhub'
  const { settings, problems, readFiles } = await loadValues(configDir)
  if (problems.length > 0) process.stderr.write(`${formatProblems(problems, { color: false })}\n`)
  if (!settings || hasErrors(problems)) return 2
  const end = Promise.withResolvers<void>()
  onEndSignal(end.resolve)
  try {
    const secretFolder = join(configDir, 'secret')
    const release = await readRelease(join(secretFolder, 'release.json'))
    const newest = newestValues(() => createKube({ clock: systemClock, env: process.env, timeoutMs: 10_000 }), {
      name: release.objects.hub,
      mounted: await readFile(join(secretFolder, 'values.yaml'), 'utf8'),
      log: jsonLog(settings.hub.logLevel),
    })
    const running = await openClusterHub({
      settings,
      files: { read: readFiles, load: () => loadValues(configDir, newest.text()), listen: newest.listen },
      release,
      secretFolder,
      dataDir: (given['data-dir'] as string | undefined) ?? '/srv/jupyterhub',
      port: readPort((given.port as string | undefined) ?? '8081', 'port'),
      shutDown: () => end.resolve(),
    })
    await end.promise
    await running.close()
    return 0
  } catch (error) {
    if (!(error instanceof HimaliaError)) throw error
    process.stderr.write(`himalia hub: ${error.message}\n${error.hint ? `${error.hint}\n` : ''}`)
    return 1
  }
}
