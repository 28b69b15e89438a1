/** Programs of clouds that give a token: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Clock } from '#base/clock.ts'
import { messageOf } from '#base/errors.ts'
import { errors } from '../errors.ts'

export interface ExecConfig {
  readonly apiVersion?: string
  readonly command?: string
  readonly args?: readonly string[] | null
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null
}

interface Credential {
  readonly status?: { readonly token?: string; readonly expirationTimestamp?: string }
}

const run = promisify(execFile)
const programMs = 60_000
/** A token that ends this soon is not used any more. */
const marginMs = 60_000
/** One that does not say when it ends. */
const usualMs = 300_000

/** Errors of what it gives: KUBE_NO_ACCESS. */
export function tokenProgram(exec: ExecConfig, clock: Clock): () => Promise<string> {
  let asked: Promise<{ header: string; until: number }> | null = null
  return async () => {
    const known = await asked?.catch(() => null)
    if (known && clock.now() < known.until) return known.header
    asked = ask(exec, clock)
    return (await asked).header
  }
}

async function ask(exec: ExecConfig, clock: Clock): Promise<{ header: string; until: number }> {
  const { command = '', args, env, apiVersion = 'client.authentication.k8s.io/v1' } = exec
  const info = { apiVersion, kind: 'ExecCredential', spec: { interactive: false } }
  const own = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]))
  try {
    const { stdout } = await run(command, [...(args ?? [])], {
      timeout: programMs,
      env: { ...process.env, ...own, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
    })
    const { status } = JSON.parse(stdout) as Credential
    if (!status?.token) throw new Error('it gave no token')
    const ends = status.expirationTimestamp ? Date.parse(status.expirationTimestamp) - marginMs : clock.now() + usualMs
    return { header: `Bearer ${status.token}`, until: ends }
  } catch (error) {
    throw errors.KUBE_NO_ACCESS({ problem: `${command} of the kubeconfig failed: ${messageOf(error)}` }, error)
  }
}
