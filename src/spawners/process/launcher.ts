/**
 * The launcher: a few lines of shell between the hub and the server's program. It takes its ticket, which only
 * one can, writes down who it is, enters the control groups, and becomes the program. Whatever moment the hub dies at, an attempt has at most
 * one process, and that process can be found again.
 */
export const launcher = `
ticket=$1 taken=$2 record=$3 groups=$4; shift 4
ln "$ticket" "$taken" 2>/dev/null || exit 0
{
  echo "$$"
  cat /proc/sys/kernel/random/boot_id 2>/dev/null || echo -
  if [ -r /proc/$$/stat ]; then
    stat=$(cat /proc/$$/stat); set -f; fields=\${stat##*) }
    echo "$fields" | cut -d' ' -f20
  else
    ps -o lstart= -p $$
  fi
} > "$record.new" && mv "$record.new" "$record" || exit 1
IFS=:
for group in $groups; do echo "$$" > "$group" || echo "himalia: no limit through $group"; done
unset IFS
exec "$@"
`

/** The words that run the launcher; `members` are the control groups' files. */
export function launcherCommand(
  paths: { ticket: string; taken: string; record: string; members: readonly string[] },
  command: readonly string[],
): readonly string[] {
  return [
    '/bin/sh',
    '-c',
    launcher,
    'himalia-launcher',
    paths.ticket,
    paths.taken,
    paths.record,
    paths.members.join(':'),
    ...command,
  ]
}
