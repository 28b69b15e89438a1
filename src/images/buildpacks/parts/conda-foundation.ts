import type { Step, Use } from '../../plan/model.ts'
import type { PlanOptions } from '../contract.ts'
import { asset } from './assets.ts'
import {
  commonEnv,
  type Foundation,
  type FoundationOptions,
  kernelPrefix,
  npmFolder,
  npmSteps,
  serverPrefix,
} from './foundation.ts'

const micromamba = { version: '2.8.1', build: '0' }

/** Jupyter as repo2docker's base environment has it. */
const server = [
  'ipywidgets=8',
  'jupyter-offlinenotebook=0.3',
  'jupyter-resource-usage=1',
  'jupyter_server=2',
  'jupyterhub-singleuser=5',
  'jupyterlab=4',
  'nodejs=20',
  'notebook=7',
  'pip',
]

const kernels: Record<string, string> = {
  '2.7': 'ipykernel=4.8.2',
  '3.5': 'ipykernel=5.1.0',
  '3.6': 'ipykernel=5.5.5',
  '3.7': 'ipykernel',
}

export const condaUses: readonly Use[] = [{ cache: 'conda', at: '/var/cache/himalia/conda', owner: 'user' }]
export const condaSettings = 'export CONDA_PKGS_DIRS=/var/cache/himalia/conda MAMBA_NO_BANNER=1'

export const condaPlatform = (platform: PlanOptions['platform']) =>
  platform === 'linux/arm64' ? 'linux-aarch64' : 'linux-64'

export function condaFoundation({ options, python }: FoundationOptions): Foundation {
  const platform = condaPlatform(options.platform)
  const address = `https://conda.anaconda.org/conda-forge/${platform}/micromamba-${micromamba.version}-${micromamba.build}.tar.bz2`
  const serverPython = python.isKernelOnly ? options.python : python.version
  const kernel = kernels[python.version]
  const steps: Step[] = [
    {
      do: 'copy',
      title: 'How packages are installed',
      files: [
        asset('condarc', { to: '/srv/conda/.condarc', mode: '644' }),
        asset('conda', { to: '/usr/local/bin/conda', mode: '755' }),
        asset('conda', { to: '/usr/local/bin/mamba', mode: '755' }),
        asset('install-python-packages', { to: '/usr/local/bin/install-python-packages', mode: '755' }),
      ],
    },
    {
      do: 'run',
      title: `micromamba ${micromamba.version}`,
      as: 'root',
      command: `curl --fail --silent --show-error --location ${address} | tar --extract --bzip2 --no-same-owner --directory=/usr/local bin/micromamba && mkdir -p /srv/conda/envs && chown -R "$NB_UID:$NB_UID" /srv/conda`,
    },
    condaCreate(`Jupyter on Python ${serverPython}`, serverPrefix, [`python=${serverPython}`, ...server]),
    ...(kernel
      ? [
          condaCreate(`The kernel's Python ${python.version}`, kernelPrefix, [
            `python=${python.version}`,
            kernel,
            'pip',
          ]),
          {
            do: 'run',
            title: 'The kernel’s entry in Jupyter',
            as: 'user',
            command: `${kernelPrefix}/bin/ipython kernel install --prefix ${serverPrefix}`,
          } as const,
        ]
      : []),
    ...npmSteps(),
  ]
  return {
    kind: 'conda',
    paths: [`${serverPrefix}/bin`, ...(kernel ? [`${kernelPrefix}/bin`] : []), '/srv/conda/bin', `${npmFolder}/bin`],
    env: {
      ...commonEnv(python),
      MAMBA_ROOT_PREFIX: '/srv/conda',
      MAMBA_EXE: '/usr/local/bin/micromamba',
      CONDA_PLATFORM: platform,
      CONDA_DEFAULT_ENV: kernel ? kernelPrefix : serverPrefix,
    },
    steps,
    packages: [],
    profile: activation(kernel !== undefined),
  }
}

/** An empty history lets a later install change the versions of what is there. */
function condaCreate(title: string, prefix: string, packages: readonly string[]): Step {
  const create = `micromamba create --yes --quiet --override-channels --channel=conda-forge --prefix=${prefix} ${packages.map((name) => `'${name}'`).join(' ')}`
  return {
    do: 'run',
    title,
    as: 'user',
    command: `${condaSettings} && ${create} && echo '' > ${prefix}/conda-meta/history`,
    uses: condaUses,
  }
}

/** Packages of conda may bring scripts that an environment needs to be whole. */
function activation(hasKernel: boolean): string {
  const stack = hasKernel
    ? `micromamba activate ${kernelPrefix} && micromamba activate --stack ${serverPrefix} && export CONDA_DEFAULT_ENV=${kernelPrefix}`
    : `micromamba activate ${serverPrefix}`
  return `if [ -z "\${HIMALIA_ACTIVATED:-}" ]; then eval "$(micromamba shell hook --shell bash)" && ${stack}; export HIMALIA_ACTIVATED=1; fi\n`
}
