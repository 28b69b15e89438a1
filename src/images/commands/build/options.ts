/** The options of `himalia build`, one row each: its parser and its help come from here. */
export interface BuildOption {
  readonly name: string
  readonly value?: string
  readonly multiple?: boolean
  readonly help: string
}

export const buildOptions: readonly BuildOption[] = [
  { name: 'ref', value: 'REF', help: 'a branch, tag or commit (default: the default branch)' },
  { name: 'subdir', value: 'PATH', help: 'build this folder of the repository alone' },
  { name: 'image', value: 'NAME', help: 'the name of the image (default: made of the address and commit)' },
  { name: 'push', help: 'push it to the registry that its name begins with' },
  { name: 'plan', help: 'print the plan as JSON and build nothing' },
  { name: 'dockerfile', help: 'print the plan as a Dockerfile and build nothing' },
  { name: 'engine', value: 'NAME', help: 'docker, podman or buildah (default: the first that works)' },
  { name: 'base', value: 'IMAGE', help: 'a Debian or Ubuntu to build on (default docker.io/library/ubuntu:24.04)' },
  { name: 'python', value: 'X.Y', help: 'the Python of repositories that name none (default 3.10)' },
  { name: 'platform', value: 'OS/ARCH', help: 'linux/amd64 or linux/arm64 (default: as this machine)' },
  {
    name: 'repo-dir',
    value: 'PATH',
    help: "where the files go (default /srv/repo: a user's volume does not hide them)",
  },
  { name: 'user', value: 'NAME:UID', help: 'whom the image runs as (default jovyan:1000)' },
  { name: 'label', value: 'K=V', help: 'a label of the image', multiple: true },
  { name: 'build-arg', value: 'K=V', help: 'a build argument', multiple: true },
  {
    name: 'secret',
    value: 'ID=FILE',
    help: 'a file that commands find in /run/secrets/ID, and no layer keeps',
    multiple: true,
  },
  { name: 'appendix', value: 'TEXT', help: 'lines of a Dockerfile at the end, as root' },
  {
    name: 'cache-repository',
    value: 'NAME',
    help: "where environments are kept for other builds (default: the image's own repository)",
  },
  { name: 'insecure-registry', value: 'HOST', help: 'a registry that speaks plain HTTP', multiple: true },
  { name: 'ca-file', value: 'FILE', help: 'certificates that commands of the build trust' },
  { name: 'node', help: 'have Node and npm in the image although no script mentions them' },
  { name: 'keep-git', help: 'keep the .git folder in the image' },
  { name: 'full-history', help: 'fetch the whole history, for builds that read it' },
  { name: 'lfs', value: 'fetch|skip', help: 'what to do with files in Git LFS (default fetch)' },
  { name: 'memory', value: 'SIZE', help: 'most memory of the build, such as 4G' },
  { name: 'disk-limit', value: 'SIZE', help: 'most disk that the build may take, such as 20G (default 50G)' },
  { name: 'repository-limit', value: 'SIZE', help: 'most that is fetched (default 5G)' },
  { name: 'timeout', value: 'SECONDS', help: 'end the build after this time (default 7200)' },
  { name: 'rebuild', help: 'build although the image is there with the same content' },
  { name: 'json', help: 'one JSON object a line on standard error, as repo2docker --json-logs' },
]

export function buildHelp(): string {
  const left = buildOptions.map((option) => `--${option.name}${option.value ? ` ${option.value}` : ''}`)
  const width = Math.max(...left.map((text) => text.length))
  const lines = buildOptions.map((option, index) => `  ${left[index]?.padEnd(width)}  ${option.help}`)
  return `Makes an image of a repository: a folder, an address of git, Mercurial or an archive, a DOI, or an SWHID.

Usage: himalia build [options] REPOSITORY

${lines.join('\n')}

Examples:
  himalia build .                                                 the folder that you are in
  himalia build https://github.com/binder-examples/requirements   its default branch
  himalia build --ref v2 --push --image registry.example.org/course:v2 https://git.example.org/course.git
  himalia build --plan .                                          what would be done

The name of the image is printed on standard output. Ctrl-C cancels the build with all that it started.
Exit codes: 0 done, 1 it could not be built, 2 the command line is wrong.`
}
