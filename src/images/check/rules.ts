/** What an image needs to be a user's server, one row each. */
import type { LocalImage } from '../engines/contract.ts'

export interface Finding {
  readonly name: string
  readonly verdict: 'holds' | 'warns' | 'fails'
  readonly sentence: string
  readonly hint: string | null
}

export interface Seen {
  readonly image: LocalImage
  readonly facts: Readonly<Record<string, string>>
  /** Whether the image's own start ran the questions at all. */
  readonly isRunning: boolean
}

interface Rule {
  readonly name: string
  readonly ask: (seen: Seen) => Omit<Finding, 'name'> | null
}

const holds = (sentence: string) => ({ verdict: 'holds' as const, sentence, hint: null })
const warns = (sentence: string, hint: string) => ({ verdict: 'warns' as const, sentence, hint })
const fails = (sentence: string, hint: string) => ({ verdict: 'fails' as const, sentence, hint })

export const rules: readonly Rule[] = [
  {
    name: 'start',
    ask: ({ isRunning, image }) =>
      isRunning
        ? holds('A command runs through its entry point.')
        : fails(
            `A command does not run through its entry point ${JSON.stringify(image.entrypoint)}.`,
            'The entry point has to end with `exec "$@"`: the hub gives the command of the server as its arguments.',
          ),
  },
  {
    name: 'singleuser',
    ask: ({ facts, isRunning }) => {
      if (!isRunning) return null
      if (!facts.singleuser)
        return fails(
          'jupyterhub-singleuser is not on the PATH.',
          'Install it in the environment of Jupyter: `pip install jupyterhub`.',
        )
      return version(facts['singleuser-version'] ?? '')
    },
  },
  {
    name: 'server',
    ask: ({ facts, isRunning }) => {
      if (!isRunning) return null
      const [lab, notebook] = [facts['lab-version'], facts['notebook-version']]
      if (lab) return holds(`JupyterLab ${lab} is there.`)
      if (notebook)
        return warns(
          `There is no JupyterLab, only Notebook ${notebook}.`,
          'Set singleuser.defaultUrl to /tree, or install it: `pip install jupyterlab`.',
        )
      return fails('Neither JupyterLab nor Notebook is there.', 'Install one: `pip install jupyterlab`.')
    },
  },
  {
    name: 'kernel',
    ask: ({ facts, isRunning }) => {
      if (!isRunning) return null
      return facts.kernels
        ? holds(`It has the kernels ${facts.kernels.trim()}.`)
        : warns('No kernel was found.', 'Notebooks need one: `pip install ipykernel`.')
    },
  },
  {
    name: 'user',
    ask: ({ facts, isRunning }) => {
      if (!isRunning) return null
      if (facts.uid === '0')
        return warns('It runs as root.', 'Add a line such as `USER 1000` to its Dockerfile, or set singleuser.uid.')
      if (facts.uid !== '1000')
        return warns(
          `It runs as the user ${facts.uid}.`,
          'Volumes of users belong to 1000 and group 100: set singleuser.uid and singleuser.fsGid to fit.',
        )
      return holds('It runs as the user 1000.')
    },
  },
  {
    name: 'home',
    ask: ({ facts, isRunning }) => {
      if (!isRunning) return null
      return facts['home-writable'] === 'yes'
        ? holds(`The user may write to ${facts.home}.`)
        : fails(
            `The user may not write to its home, ${facts.home || 'which is not set'}.`,
            'Make the folder in the Dockerfile and give it to the user: `chown 1000:100 /home/jovyan`.',
          )
    },
  },
  {
    name: 'volume',
    ask: ({ image, facts }) => {
      const entry = [...image.entrypoint].find((word) => word.startsWith('/home/'))
      if (entry)
        return fails(
          `It starts with ${entry}, which a user's volume over the home hides.`,
          'Move the file out of the home, for example to /usr/local/bin.',
        )
      const hasRepository =
        image.labels['repo2docker.repo'] !== undefined && (facts.workdir ?? image.workdir).startsWith('/home/')
      return hasRepository
        ? warns(
            `The repository's files lie in ${image.workdir}, where a user's volume hides them.`,
            'Build it with `--repo-dir=/srv/repo` (repo2docker: `--target-repo-dir=/srv/repo`).',
          )
        : null
    },
  },
]

/** The protocol between hub and server is stable since 1.0; before 2 there are no scopes. */
function version(text: string): Omit<Finding, 'name'> {
  const [, major] = /^(\d+)\./.exec(text) ?? []
  if (!major)
    return fails(
      'jupyterhub-singleuser is there and does not start.',
      'Run `jupyterhub-singleuser --version` in the image; it says what is missing.',
    )
  if (Number(major) < 1)
    return fails(
      `jupyterhub-singleuser ${text} is too old.`,
      'Versions from 1.0 on work: `pip install --upgrade jupyterhub`.',
    )
  if (Number(major) < 2)
    return warns(
      `jupyterhub-singleuser ${text} works without sharing and scopes.`,
      'Version 2 or newer has them: `pip install --upgrade jupyterhub`.',
    )
  return holds(`jupyterhub-singleuser ${text} is there.`)
}
