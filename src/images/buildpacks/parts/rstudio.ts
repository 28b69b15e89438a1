/** RStudio and Shiny, each as one more launcher in Jupyter. */
import type { Step } from '../../plan/model.ts'
import { pipInstall } from './pip.ts'

const shiny = 'https://download3.rstudio.org/ubuntu-20.04/x86_64/shiny-server-1.5.23.1030-amd64.deb'
const rstudio = (release: string, version: string) =>
  `https://download2.rstudio.org/server/${release}/amd64/rstudio-server-${version}-amd64.deb`

export function rstudioSteps(): Step[] {
  const [today, old] = [rstudio('jammy', '2026.07.1-147'), rstudio('focal', '2024.12.0-467')]
  const fetch = 'curl --fail --silent --show-error --location'
  return [
    {
      do: 'run',
      title: 'RStudio and Shiny',
      as: 'root',
      command: [
        'apt-get update --quiet',
        `if apt-cache show libssl3 > /dev/null 2>&1; then url=${today}; else url=${old}; fi`,
        `${fetch} --output /tmp/rstudio.deb "$url"`,
        `${fetch} --output /tmp/shiny.deb ${shiny}`,
        'apt-get install --yes --quiet --no-install-recommends /tmp/rstudio.deb /tmp/shiny.deb',
        'rm -rf /tmp/*.deb /var/lib/apt/lists/*',
      ].join(' && '),
    },
    pipInstall('RStudio and Shiny in Jupyter', 'jupyter-rsession-proxy==2.3.0 jupyter-shiny-proxy==1.4'),
    {
      do: 'run',
      title: 'What Shiny writes to',
      as: 'root',
      command:
        'mkdir -p /var/log/shiny-server /var/lib/shiny-server && touch /var/log/shiny-server.log /var/run/shiny-server.pid && chown -R "$NB_UID:$NB_UID" /var/log/shiny-server /var/lib/shiny-server /var/log/shiny-server.log /var/run/shiny-server.pid',
    },
  ]
}

/** The session runs as the user, behind Jupyter's own sign-in. */
export function rstudioConfig(r: string, libraries: string): Step[] {
  const lines = [
    'auth-none=1',
    'auth-minimum-user-id=0',
    `rsession-which-r=${r}`,
    `rsession-ld-library-path=${libraries}`,
    'www-frame-origin=same',
    'server-user=$NB_USER',
    'server-daemonize=0',
  ]
  const print = lines.map((line) => `echo "${line}"`).join('; ')
  return [
    {
      do: 'run',
      title: 'RStudio without a sign-in of its own',
      as: 'root',
      command: `mkdir -p /etc/rstudio /var/lib/rstudio-server && { ${print}; } >> /etc/rstudio/rserver.conf && chown -R "$NB_UID:$NB_UID" /etc/rstudio /var/lib/rstudio-server`,
    },
  ]
}
