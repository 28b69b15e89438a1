import { errorCatalog } from '#base/errors.ts'

type Named = { name: string }
type File = { file: string }
type Why = { why: string }

/** What can go wrong between a repository and its image. */
export const errors = errorCatalog({
  // The repository.
  REPOSITORY_NOT_FOUND: {
    status: 404,
    message: ({ source, why }: Why & { source: string }) => `The repository ${source} can't be fetched: ${why}.`,
    hint: 'Check the address in a browser; a private repository needs credentials for git on this machine.',
  },
  REPOSITORY_REF_NOT_FOUND: {
    status: 404,
    message: ({ ref, source }: { ref: string; source: string }) => `${source} has no branch, tag or commit "${ref}".`,
    hint: "Leave --ref out to take the repository's default branch, which may be called main instead of master.",
  },
  REPOSITORY_ADDRESS_REFUSED: {
    status: 400,
    message: ({ source, why }: Why & { source: string }) => `The repository address ${source} is refused: ${why}.`,
    hint: 'Use an https, http, ssh or git address, a folder of this machine, or a DOI.',
  },
  REPOSITORY_PATH_REFUSED: {
    status: 422,
    message: ({ path, why }: Why & { path: string }) => `The repository holds ${path}, ${why}; it is not built.`,
    hint: 'Remove the file from the repository, or replace it with a regular one.',
  },
  REPOSITORY_TOO_LARGE: {
    status: 413,
    message: ({ limit }: { limit: string }) =>
      `The repository is larger than ${limit}, so it was not fetched to its end.`,
    hint: 'Move large data out of the repository and history, or allow more with --repository-limit.',
  },
  REPOSITORY_SUBDIR_MISSING: {
    status: 404,
    message: ({ subdir }: { subdir: string }) => `The repository has no folder "${subdir}".`,
    hint: 'Name the folder relative to the top of the repository, for example --subdir=course/week-1.',
  },
  SUBMODULE_REFUSED: {
    status: 422,
    message: ({ path, url, why }: Why & { path: string; url: string }) =>
      `The submodule ${path} (${url}) is not fetched: ${why}.`,
    hint: 'Give the submodule an https address that everybody can read.',
  },
  LFS_MISSING: {
    status: 424,
    message: ({ file }: File) => `${file} is kept in Git LFS, and this machine has no git-lfs.`,
    hint: 'Install git-lfs (Debian, Ubuntu: `apt-get install git-lfs`), or leave the files as pointers with --lfs=skip.',
  },
  LFS_FAILED: {
    status: 502,
    message: ({ why }: Why) => `The files in Git LFS can't be fetched: ${why}.`,
    hint: "Look for the LFS quota of the repository's owner, or leave the files as pointers with --lfs=skip.",
  },
  ARCHIVE_REFUSED: {
    status: 422,
    message: ({ name, why }: Named & Why) => `The archive ${name} is not unpacked: ${why}.`,
    hint: 'Make the archive again with plain files and folders only.',
  },
  PROVIDER_FAILED: {
    status: 502,
    message: ({ name, url, why }: Named & Why & { url: string }) =>
      `${name} did not answer as expected at ${url}: ${why}.`,
    hint: 'Try again in a minute; if it stays so, look whether the record is public.',
  },
  PROGRAM_MISSING: {
    status: 424,
    message: ({ name, purpose }: Named & { purpose: string }) =>
      `The program "${name}" is needed ${purpose} and is not here.`,
    hint: 'Install it with the packages of your system and try again.',
  },

  // Its files.
  BINDER_FOLDERS_TWO: {
    status: 422,
    message: () => 'The repository has both a folder binder and a folder .binder.',
    hint: 'Keep one of the two.',
  },
  FILE_INVALID: {
    status: 422,
    message: ({ file, why }: File & Why) => `${file} ${why}.`,
  },
  FILE_NO_LONGER_SUPPORTED: {
    status: 422,
    message: ({ file, why }: File & Why) => `${file}: ${why}.`,
    hint: 'The documentation of repo2docker says what has replaced it; most often it is a requirements.txt or an environment.yml.',
  },
  APT_NAME_REFUSED: {
    status: 422,
    message: ({ file, line, text }: File & { line: number; text: string }) =>
      `${file}, line ${line}: "${text}" is no name of a Debian package.`,
    hint: 'Write one package a line: lower-case letters, digits, plus, minus and dot.',
  },
  DOCKERFILE_TYPOGRAPHY: {
    status: 422,
    message: ({
      file,
      line,
      column,
      found,
      wanted,
    }: File & { line: number; column: number; found: string; wanted: string }) =>
      `${file}, line ${line}, column ${column}: the typographic ${found} stands where ${wanted} is meant.`,
    hint: 'A word processor or web page has changed the characters; write plain quotes, dashes and spaces instead.',
  },
  DOCKERFILE_INVALID: {
    status: 422,
    message: ({ file, line, why }: File & Why & { line: number }) => `${file}, line ${line}: ${why}.`,
  },
  PYTHON_VERSION_UNKNOWN: {
    status: 422,
    message: ({ version, file, known }: File & { version: string; known: string }) =>
      `${file} asks for Python ${version}; there are ${known}.`,
  },
  R_VERSION_UNKNOWN: {
    status: 422,
    message: ({ version, known }: { version: string; known: string }) =>
      `runtime.txt asks for R ${version}; there are ${known}, and any full version such as 4.4.2.`,
  },
  VERSION_NOT_FOUND: {
    status: 422,
    message: ({ what, wanted }: { what: string; wanted: string }) => `There is no ${what} that fits ${wanted}.`,
  },
  PLATFORM_UNSUPPORTED: {
    status: 422,
    message: ({ what, platform }: { what: string; platform: string }) => `${what} is not available for ${platform}.`,
    hint: 'Build with --platform=linux/amd64.',
  },
  NO_ENVIRONMENT: {
    status: 422,
    message: () => 'The repository has no file that describes an environment, and no default is set.',
    hint: 'Add a requirements.txt, an environment.yml or another of the files in docs/images.md.',
  },

  // The build.
  ENGINE_UNKNOWN: {
    status: 400,
    message: ({ name, known }: Named & { known: string }) => `There is no engine "${name}"; there are ${known}.`,
  },
  ENGINE_MISSING: {
    status: 424,
    message: ({ known }: { known: string }) => `No program that builds images was found; ${known} will do.`,
    hint: 'Debian, Ubuntu: `apt-get install buildah`. Or print the Dockerfile with --dockerfile and build it elsewhere.',
  },
  ENGINE_UNUSABLE: {
    status: 424,
    message: ({ name, why }: Named & Why) => `The engine ${name} can't be used: ${why}.`,
    hint: 'Name another one with --engine.',
  },
  BUILD_FAILED: {
    status: 422,
    message: ({ title, code }: { title: string; code: number }) =>
      `The build failed at "${title}" (exit code ${code}).`,
    hint: 'The last lines above say why.',
  },
  BUILD_TIMED_OUT: {
    status: 504,
    message: ({ limit }: { limit: string }) => `The build was ended after ${limit}.`,
    hint: 'Look for a step that waits or never ends; allow more time with --timeout.',
  },
  BUILD_DISK_LIMIT: {
    status: 507,
    message: ({ limit }: { limit: string }) => `The build was ended since it took more than ${limit} of disk.`,
    hint: 'Look for a step that writes without end; allow more with --disk-limit.',
  },
  BUILD_MEMORY_UNENFORCED: {
    status: 424,
    message: ({ why }: Why) => `--memory can't be enforced here: ${why}.`,
    hint: 'Leave --memory out, or build with docker or in the cluster.',
  },
  BUILD_CANCELLED: { status: 499, message: () => 'The build was cancelled.' },
  TOOL_CHECKSUM: {
    status: 502,
    message: ({ name }: Named) => `What was downloaded as ${name} is not what it should be (checksum).`,
    hint: 'Try again; a proxy or mirror may have changed the file.',
  },

  // Names and registries.
  IMAGE_NAME_INVALID: {
    status: 400,
    message: ({ name, why }: Named & Why) => `"${name}" is no image name: ${why}.`,
    hint: 'A name is lower case, such as registry.example.org/course/statistics:2026.',
  },
  IMAGE_NOT_FOUND: {
    status: 404,
    message: ({ name }: Named) => `There is no image ${name}.`,
    hint: 'Check the name and tag; a private registry needs credentials in ~/.docker/config.json.',
  },
  REGISTRY_FAILED: {
    status: 502,
    message: ({ registry, why }: Why & { registry: string }) => `The registry ${registry} refused: ${why}.`,
    hint: 'Check the name, and the credentials in ~/.docker/config.json (`docker login`, `buildah login`).',
  },
  CREDENTIALS_INVALID: {
    status: 400,
    message: ({ from, why }: Why & { from: string }) => `The registry credentials in ${from} can't be used: ${why}.`,
    hint: 'They are JSON: {"registry": "...", "username": "...", "password": "..."}.',
  },
  FLAG_INVALID: {
    status: 400,
    message: ({ flag, why }: Why & { flag: string }) => `${flag} ${why}.`,
  },
  FLAG_UNSUPPORTED: {
    status: 400,
    message: ({ flag, why }: Why & { flag: string }) => `${flag} can't be used: ${why}.`,
  },
})
