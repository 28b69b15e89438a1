/** What a container of the image says about itself: one question a line, in plain sh. */
export const probe = `
say() { printf 'himalia:%s=%s\\n' "$1" "$2"; }
say uid "$(id -u 2> /dev/null)"
say home "$HOME"
say workdir "$(pwd)"
if [ -w "$HOME" ] && touch "$HOME/.himalia-probe" 2> /dev/null; then rm -f "$HOME/.himalia-probe"; say home-writable yes; else say home-writable no; fi
say singleuser "$(command -v jupyterhub-singleuser)"
say singleuser-version "$(jupyterhub-singleuser --version 2> /dev/null | tail -n 1)"
say lab-version "$(jupyter-lab --version 2> /dev/null | tail -n 1)"
say notebook-version "$(jupyter-notebook --version 2> /dev/null | tail -n 1)"
say server-version "$(jupyter-server --version 2> /dev/null | tail -n 1)"
say kernels "$(jupyter kernelspec list 2> /dev/null | awk 'NR > 1 { print $1 }' | tr '\\n' ' ')"
say bash "$(command -v bash)"
`

export function readProbe(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^himalia:([\w-]+)=(.*)$/.exec(line.trim()) ?? []
      return name === undefined ? [] : [[name, value?.trim() ?? '']]
    }),
  )
}
