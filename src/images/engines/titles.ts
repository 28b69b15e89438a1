/** What each instruction of a rendered Dockerfile is for, so that a failure can be named. */
export function instructionTitles(dockerfile: string): string[] {
  const titles: string[] = []
  let comment: string | null = null
  let isContinued = false
  for (const line of dockerfile.split('\n')) {
    if (line.startsWith('# ')) comment = line.slice(2)
    else if (line.trim() !== '') {
      if (!isContinued) titles.push(comment ?? line.slice(0, 100))
      isContinued = line.endsWith('\\')
      if (!/^COPY/.test(line)) comment = null
    }
  }
  return titles
}

/** Follows a build's lines: the title of the step that was the last to begin. */
export function stepFollower(dockerfile: string): { see(line: string): void; title(): string } {
  const titles = instructionTitles(dockerfile)
  let title = titles[0] ?? 'the Dockerfile'
  return {
    see(line) {
      // `STEP 3/9: RUN …` of Buildah and Podman; `#7 [2/4] RUN …` of BuildKit.
      const [, number] = /^STEP (\d+)\/\d+:/.exec(line) ?? /^#\d+ \[(?:[\w-]+ )?(\d+)\/\d+\]/.exec(line) ?? []
      if (number) title = titles[Number(number) - 1] ?? title
    },
    title: () => title,
  }
}
