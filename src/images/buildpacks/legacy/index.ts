/** What repo2docker once built and now refuses, with what took its place. */
import { errors } from '../../errors.ts'
import type { Buildpack } from '../contract.ts'

export const legacy: Buildpack = {
  name: 'LegacyBinderDockerBuildPack',
  detect(repository) {
    const file = repository.binder === '' ? repository.root('Dockerfile') : null
    if (file && /^\s*FROM\s+andrewosh\/binder-base/im.test(repository.text(file)))
      throw errors.FILE_NO_LONGER_SUPPORTED({
        file,
        why: 'images of andrewosh/binder-base ended with the first Binder',
      })
    const [project, juliaProject, require] = ['Project.toml', 'JuliaProject.toml', 'REQUIRE'].map((name) =>
      repository.config(name),
    )
    const isDocker = repository.config('Dockerfile') !== null
    if (require && !project && !juliaProject && !isDocker)
      throw errors.FILE_NO_LONGER_SUPPORTED({
        file: require,
        why: 'Julia packages are listed in a Project.toml since Julia 1.0',
      })
    return false
  },
  plan() {
    throw new Error('Nothing is built by it.')
  },
}
