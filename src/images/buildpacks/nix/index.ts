/** default.nix decides all, Jupyter included: each command runs in its shell. */
import type { Buildpack } from '../contract.ts'
import { asset } from '../parts/assets.ts'
import { composePlan } from '../parts/compose.ts'

const release = '2.13.2'
const certificates = '/etc/ssl/certs/ca-certificates.crt'
const wrapper = '/usr/local/bin/nix-shell-wrapper'

export const nix: Buildpack = {
  name: 'NixBuildPack',
  detect: (repository) => repository.config('default.nix') !== null,
  plan(request) {
    const { repository, options } = request
    const file = repository.config('default.nix')!
    const start = repository.config('start')
    const home = `/home/${options.user.name}`
    return composePlan(request, {
      buildpack: nix.name,
      packages: ['xz-utils'],
      paths: [`${home}/.nix-profile/bin`],
      env: {
        NIX_PATH: `nixpkgs=${home}/.nix-defexpr/channels/nixpkgs`,
        NIX_SSL_CERT_FILE: certificates,
        GIT_SSL_CAINFO: certificates,
        HIMALIA_NIX_FILE: `${options.repoDir}/${file}`,
        ...(start && { HIMALIA_NIX_START: `${options.repoDir}/${start}` }),
      },
      base: [
        {
          do: 'copy',
          title: 'How it starts in nix-shell',
          files: [asset('nix-shell-wrapper', { to: wrapper, mode: '755' })],
        },
        {
          do: 'run',
          title: 'A store that the user may write',
          as: 'root',
          command: `mkdir --mode=0755 /nix && chown "$NB_UID:$NB_UID" /nix && mkdir -p /etc/nix && echo 'sandbox = false' > /etc/nix/nix.conf`,
        },
        {
          do: 'run',
          title: `Nix ${release}`,
          as: 'user',
          command: `curl --fail --silent --show-error --location https://releases.nixos.org/nix/nix-${release}/install | sh -s -- --no-daemon`,
        },
      ],
      assembly: [
        {
          do: 'run',
          title: 'The channel of Nix packages',
          as: 'user',
          command: 'nix-channel --add https://nixos.org/channels/nixpkgs-unstable nixpkgs && nix-channel --update',
        },
        { do: 'run', title: `What ${file} asks for`, as: 'user', command: `nix-shell '${file}' --command true` },
      ],
      start: wrapper,
    })
  },
}
