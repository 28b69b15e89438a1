import { formatProblems, type Loaded, loadConfig, type Mode } from '#config'

/** Reads the configuration and prints what was found in it; its settings are null when it can't be run. */
export async function loadSettings(files: readonly string[], mode: Mode = 'local'): Promise<Loaded> {
  const loaded = await loadConfig({ files: [...files], mode })
  if (loaded.problems.length > 0) {
    const color = process.stderr.isTTY && !process.env.NO_COLOR
    process.stderr.write(`${formatProblems(loaded.problems, { color })}\n`)
  }
  return loaded
}
