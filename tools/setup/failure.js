/** A step failed for a reason that a person can mend. `message` is a sentence, `hint` says what to do. */
export class SetupError extends Error {
  constructor(message, hint) {
    super(message)
    this.hint = hint
  }
}

const again = 'then run the same command again.'

/** What tools and the system say, and what it means for the person at the keyboard: the first row that fits. */
const causes = [
  {
    pattern: /ENOSPC|EDQUOT|no space left on device|os error 28\b|disk quota exceeded/i,
    sentence: 'the disk is full.',
    hint: `Make some room (1 GB to run, 2 GB for the tests, 12 GB more for those on Kubernetes), ${again}`,
  },
  {
    pattern:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|network is unreachable|error sending request|dns error|failed to (?:fetch|connect)|could not (?:resolve|connect)|name resolution|connection (?:refused|reset|timed out)|no matching distribution|no such host|i\/o timeout/i,
    sentence: "the package registry can't be reached.",
    hint: `Look at the network; behind a proxy set HTTPS_PROXY, with a mirror npm's \`registry\`, PIP_INDEX_URL and GOPROXY; ${again}`,
  },
  {
    pattern: /EINTEGRITY|(?:hash|checksum) mismatch|do not match the hashes/i,
    sentence: 'a downloaded package is not the one that was published.',
    hint: `Empty the caches (\`npm cache clean --force\`, \`uv cache clean\`, \`go clean -modcache\`), ${again}`,
  },
  {
    pattern: /EACCES|EPERM|EROFS|permission denied|read-only file system/i,
    sentence: 'a file or folder may not be written.',
    hint: `Make the clone and the caches named in the log yours (a run as root may have left them behind), ${again}`,
  },
]

/**
 * Words for a tool that ended with an error, from what it printed.
 * @param {string} what the step, e.g. `Installing uv`
 */
export function explain(what, output, logFile) {
  const cause = causes.find((row) => row.pattern.test(output))
  if (cause) return new SetupError(`${what} failed: ${cause.sentence}`, `${cause.hint} All that was said: ${logFile}`)
  const tail = output.trimEnd().split('\n').slice(-12).join('\n')
  return new SetupError(`${what} failed:\n${tail}`, `Mend what it says, ${again} All that was said: ${logFile}`)
}

/** An error of the file system in words; any other stays what it is. */
export function explained(error) {
  if (error instanceof SetupError || !error.code) return error
  const cause = causes.find((row) => row.pattern.test(error.code))
  return cause ? new SetupError(`${error.path ?? 'The set-up'}: ${cause.sentence}`, cause.hint) : error
}
