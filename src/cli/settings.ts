import { formatProblems, loadConfig, type Settings } from '#config'

/** Reads the configuration and prints what was found in it; null when it can't be run. */
export async function loadSettings(files: readonly string[]): Promise<Settings | null> {
  const { settings, problems } = await loadConfig({ files: [...files], mode: 'local' })
  if (problems.length > 0) {
    process.stderr.write(`${formatProblems(problems, { color: process.stderr.isTTY && !process.env.NO_COLOR })}\n`)
  }
  return settings
}
