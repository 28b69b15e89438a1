/** pixi.toml and pixi.lock: the kernel runs in exactly that environment, Jupyter beside it. */
import type { Buildpack } from '../contract.ts'
import { early, earlyPath } from '../parts/assets.ts'
import { composePlan } from '../parts/compose.ts'
import { serverPrefix } from '../parts/foundation.ts'
import { choosePython } from '../parts/python-versions.ts'
import { uvFoundation, uvSettings, uvUses } from '../parts/uv-foundation.ts'

const release = 'v0.50.2'
const folder = '/srv/pixi'
const prefix = `${folder}/.pixi/envs/default`

export const pixi: Buildpack = {
  name: 'PixiBuildPack',
  detect: (repository) => repository.config('pixi.toml') !== null,
  plan(request) {
    const { repository, options } = request
    const [file, lock] = [repository.config('pixi.toml')!, repository.config('pixi.lock')]
    const python = choosePython(options.python, 'the default', options.python)
    const foundation = uvFoundation({ options, python, hasNode: options.node === 'always' })
    const arch = options.platform === 'linux/arm64' ? 'aarch64' : 'x86_64'
    const files = [file, ...(lock ? [lock] : [])]
    const lay = files.map((path) => `cp '${earlyPath(path)}' ${folder}/`).join(' && ')
    return composePlan(request, {
      buildpack: pixi.name,
      paths: [...foundation.paths.slice(0, 1), `${prefix}/bin`, ...foundation.paths.slice(1)],
      env: { ...foundation.env, KERNEL_PYTHON_PREFIX: prefix },
      base: [
        ...foundation.steps,
        {
          do: 'run',
          title: `pixi ${release}`,
          as: 'root',
          command: `curl --fail --silent --show-error --location https://github.com/prefix-dev/pixi/releases/download/${release}/pixi-${arch}-unknown-linux-musl.tar.gz | tar --extract --gzip --no-same-owner --directory=/usr/local/bin pixi && install --directory --owner="$NB_UID" --group="$NB_UID" ${folder}`,
        },
      ],
      environment: [
        { do: 'copy', title: `${files.join(' and ')} alone`, files: files.map((path) => early(repository, path)) },
        {
          do: 'run',
          title: `Packages of ${lock ?? file}`,
          as: 'user',
          command: `${lay} && cd ${folder} && PIXI_CACHE_DIR=/var/cache/himalia/pixi pixi install${lock ? ' --frozen' : ''}`,
          uses: [{ cache: 'pixi', at: '/var/cache/himalia/pixi', owner: 'user' }],
        },
        {
          do: 'run',
          title: 'The kernel of that environment in Jupyter',
          as: 'root',
          command: `${uvSettings} && if [ -x ${prefix}/bin/python ]; then { ${prefix}/bin/python -c 'import ipykernel' 2> /dev/null || install-python-packages ipykernel; } && ${prefix}/bin/python -m ipykernel install --prefix=${serverPrefix} --name=python3; fi`,
          uses: uvUses,
        },
      ],
    })
  },
}
