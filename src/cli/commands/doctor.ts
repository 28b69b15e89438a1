/** `himalia doctor`: what is wrong with a release, in words, and the command that mends it. */
import { systemClock } from '#base/clock.ts'
import { HimaliaError } from '#base/errors.ts'
import { createKube } from '#kube'
import { type Option, optionHelp, readArguments, UsageError } from '../arguments.ts'
import { examine } from '../doctor/checks/index.ts'
import { look } from '../doctor/look.ts'
import { asJson, asText } from '../doctor/report.ts'

const options: readonly Option[] = [
  { name: 'namespace', value: 'NAME', help: "where the release is (default: the kubeconfig's, or this pod's)" },
  { name: 'release', value: 'NAME', help: 'its name, where there are several' },
  { name: 'kubeconfig', value: 'FILE', help: "default: $KUBECONFIG, this pod's account, ~/.kube/config" },
  { name: 'format', value: 'FORMAT', help: 'text or json' },
]

const help = `Looks at a release of the Helm chart and says what is wrong, and what mends it. It changes nothing.

Usage: himalia doctor [options]

${optionHelp(options)}

Examples:
  himalia doctor --namespace class
  kubectl --namespace class exec deployment/hub -- himalia doctor     asks the proxies and DNS, too

Exit codes: 0 nothing is wrong (there may be warnings), 1 there are errors, 2 the command line is wrong,
3 the cluster or the release can't be read.`

const formats = { text: asText, json: asJson } as const

export async function doctor(argv: readonly string[]): Promise<number> {
  const given = readArguments(argv, options)
  if (given.help) {
    process.stdout.write(`${help}\n`)
    return 0
  }
  const { format = 'text', kubeconfig, namespace, release } = given as Readonly<Record<string, string | undefined>>
  if (!Object.hasOwn(formats, format)) throw new UsageError(`--format is text or json, not "${format}"`)
  const env = kubeconfig ? { ...process.env, KUBECONFIG: kubeconfig } : process.env
  try {
    const kube = createKube({ clock: systemClock, env, timeoutMs: 10_000, patienceMs: 3_000 })
    try {
      const sight = await look({
        kube,
        namespace: namespace ?? env.POD_NAMESPACE ?? kube.namespace,
        release: release ?? env.HELM_RELEASE_NAME ?? null,
        now: systemClock.now(),
        isInside: Boolean(env.KUBERNETES_SERVICE_HOST) && !env.KUBECONFIG,
      })
      const findings = examine(sight)
      // Safe: it was looked at above.
      process.stdout.write(`${formats[format as keyof typeof formats](sight, findings)}\n`)
      return findings.some(({ level }) => level === 'error') ? 1 : 0
    } finally {
      await kube.close()
    }
  } catch (error) {
    if (!(error instanceof HimaliaError)) throw error
    process.stderr.write(`himalia doctor: ${error.message}\n${error.hint ? `${error.hint}\n` : ''}`)
    return 3
  }
}
