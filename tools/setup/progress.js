const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const stillEveryMs = 20_000

/** Says what the set-up does: one live line on a terminal, plain lines elsewhere; always on standard error. */
export function createProgress(stream = process.stderr) {
  const live = Boolean(stream.isTTY) && !process.env.CI
  /** What is under way. @type {Map<string, { since: number, last: string }>} */
  const active = new Map()
  let timer = null
  let tick = 0

  const seconds = (job) => `${Math.round((Date.now() - job.since) / 1000)} s`
  const clear = live ? '\r\x1b[K' : ''
  const draw = () => {
    const jobs = [...active].map(([title, job]) =>
      [title, seconds(job), active.size === 1 && job.last].filter(Boolean).join('  '),
    )
    stream.write(clear + `${frames[tick++ % frames.length]} ${jobs.join('   ')}`.slice(0, (stream.columns || 80) - 1))
  }
  const still = () => {
    for (const [title, job] of active) stream.write(`${title}: still at it, ${seconds(job)} …\n`)
  }
  const begin = (title) => {
    const job = { since: Date.now(), last: '' }
    active.set(title, job)
    if (!live) stream.write(`${title} …\n`)
    timer ??= setInterval(live ? draw : still, live ? 120 : stillEveryMs)
    return job
  }
  const end = (title) => {
    stream.write(clear)
    active.delete(title)
    if (active.size > 0) return
    clearInterval(timer)
    timer = null
  }

  return {
    note: (text) => stream.write(`${clear}${text}\n`),
    /** Shows `title` while `work` runs; work may say a word about where it is. */
    async during(title, work) {
      const job = begin(title)
      try {
        await work((line) => {
          job.last = line.trim() || job.last
        })
        stream.write(`${clear}${title}: done in ${seconds(job)}\n`)
      } finally {
        end(title)
      }
    },
  }
}
