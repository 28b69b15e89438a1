/** A Dockerfile of the repository's own: it is built as it is. */
import { plannerVersion } from '../../plan/model.ts'
import type { Buildpack } from '../contract.ts'
import { checkDockerfile } from './check.ts'

export const dockerfile: Buildpack = {
  name: 'DockerBuildPack',
  detect: (repository) => repository.config('Dockerfile') !== null,
  plan({ repository, options }) {
    const file = repository.config('Dockerfile')!
    checkDockerfile(repository.text(file), file)
    const { name, uid } = options.user
    return {
      kind: 'dockerfile',
      planner: plannerVersion,
      buildpack: dockerfile.name,
      platform: options.platform,
      file,
      labels: options.labels,
      buildArgs: { NB_USER: name, NB_UID: String(uid), REPO_DIR: options.repoDir, ...options.buildArgs },
      notes: ['A Dockerfile decides alone: the other files of the repository are only what it copies.'],
    }
  },
}
