/** How a container starts, and what login shells in its terminals find. */
import type { Step } from '../../plan/model.ts'
import { asset, textFile } from './assets.ts'

export function entrySteps(paths: readonly string[], profile = ''): Step[] {
  return [
    {
      do: 'copy',
      title: 'How it starts',
      files: [
        // Deployments name it, so it keeps its name.
        asset('repo2docker-entrypoint', { to: '/usr/local/bin/repo2docker-entrypoint', mode: '755' }),
        textFile(profileText(paths, profile), { to: '/etc/profile.d/himalia.sh' }),
      ],
    },
  ]
}

/** Debian's /etc/profile forgets the PATH of the image. */
function profileText(paths: readonly string[], more: string): string {
  const prefix = paths.join(':')
  return `# Login shells find what the image's own environment names.
case ":$PATH" in ":${prefix}:"*) ;; *) PATH="${prefix}:$PATH"; export PATH ;; esac
${more}`
}
