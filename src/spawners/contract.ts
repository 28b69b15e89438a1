/**
 * What every spawner does. A spawner is the adapter to where servers run: it never touches the database or the
 * proxy. Every verb may be called again after a crash and must then bring about the same result.
 */
import type { Millis } from '#base/clock.ts'

/** Names one server of one user; `serverName` is empty for the default server. */
export interface ServerRef {
  /** The hub's stable id of the server row: never reused, survives renames. */
  readonly id: number
  /** Of the user; `{userid}` in templates. */
  readonly userId: number
  readonly userName: string
  readonly serverName: string
}

/** What a spawner itself remembers of a launched server (pid, pod name …): JSON, kept by the hub, opaque to it. */
export type Handle = Readonly<Record<string, unknown>>

/**
 * What of a server its user notices and a change of the configuration may change: `image`, `folders`, and each limit by
 * the name of its resource.
 */
export type Edition = Readonly<Record<string, string>>

export interface LaunchRequest {
  readonly server: ServerRef
  /** Counts the starts of this server; the same number means the same start, tried again. */
  readonly attempt: number
  /** The whole environment that the hub decides (JUPYTERHUB_*, MEM_LIMIT …), see the Hub's contract with servers. */
  readonly environment: Readonly<Record<string, string>>
  /** The part of it that is not configured: what only the hub knows. */
  readonly hubEnvironment: Readonly<Record<string, string>>
  /** The command line, first the program; profile applied, templates filled in. Never empty. */
  readonly command: readonly string[]
  /** Profile applied; null: no limit. */
  readonly memLimitBytes: number | null
  /** In cores; null: no limit. */
  readonly cpuLimit: number | null
  /** The profile and options the user picked, validated by `resolveOptions`. */
  readonly userOptions: Readonly<Record<string, unknown>>
  /** What groups, profile and options change, by names of traits of the spawner; later ones win. */
  readonly overrides: readonly Readonly<Record<string, unknown>>[]
  /**
   * What a hook of the administrator's makes of the manifest of the pod, called last before the pod is made; absent
   * where there is none. Throws a HimaliaError with a sentence for the user.
   */
  readonly modifyPod?: (pod: Readonly<Record<string, unknown>>) => Promise<Readonly<Record<string, unknown>>>
  /** What the configuration makes of it, hooks aside; kept in the handle as `edition`. */
  readonly edition: Edition | null
  /** The handle of the same attempt when a launch is resumed, else null. */
  readonly handle: Handle | null
}

export type Observation =
  | { readonly phase: 'absent' }
  | Starting
  /** Runs at `url` (`http://host:port`, no path); whether it answers is the reconciler's question. */
  | { readonly phase: 'running'; readonly url: string; readonly handle: Handle }
  | { readonly phase: 'exited'; readonly exitCode: number | null; readonly reason: FailureReason }

/** Exists, has no address yet (pod pending). */
export interface Starting {
  readonly phase: 'starting'
  /** Where it stands, for the progress page. */
  readonly message: string | null
  readonly progress: number | null
  /** What keeps it from going on, where that is known: the reason, should the time run out. */
  readonly obstacle?: FailureReason | null
  /** What was said about it; each is told once, known by its key. */
  readonly news?: readonly (ProgressReport & { readonly key: string })[]
}

/** Why a server is not running, in words for a person, with evidence. */
export interface FailureReason {
  /** Stable code: `EXITED`, `COMMAND_NOT_FOUND`, `PORT_TAKEN`, `DISK_FULL`, `OUT_OF_MEMORY`, `TIMEOUT`, `NOT_PERMITTED`, `IMAGE_PULL` … */
  readonly code: string
  /** A full sentence. */
  readonly message: string
  /** What to do, one sentence; null when unknown. */
  readonly hint: string | null
  /** The last lines of the server's own log, oldest first; secrets removed. */
  readonly logTail: readonly string[]
}

/** A step that the progress page shows while a launch is under way. `progress` is 0–100. */
export interface ProgressReport {
  readonly progress: number | null
  readonly message: string
  readonly htmlMessage?: string
  readonly rawEvent?: unknown
}

export interface Launched {
  readonly handle: Handle
}

export interface Spawner {
  readonly name: string
  /** The port and address inside JUPYTERHUB_SERVICE_URL, where the server must listen. Called once an attempt, before `launch`. */
  listenUrl(server: ServerRef, attempt: number): Promise<string>
  /** Brings the server up, or resumes doing so; returns as soon as it is on its way. Throws a HimaliaError with a FailureReason as `detail.reason` when it can't. */
  launch(request: LaunchRequest, report: (progress: ProgressReport) => void, signal: AbortSignal): Promise<Launched>
  observe(server: ServerRef, handle: Handle | null): Promise<Observation>
  /** What a launch with these overrides would give now. A spawner whose servers have no image of their own has none. */
  edition?(server: ServerRef, overrides: LaunchRequest['overrides']): Edition
  /** Ends the server and returns when it is gone; ending an absent server is fine. `now` skips the grace period. */
  stop(server: ServerRef, handle: Handle | null, options: { now: boolean }, signal: AbortSignal): Promise<void>
  /** Removes what the server kept between starts; only on the explicit deletion of a server or user. */
  deleteStorage(server: ServerRef, handle: Handle | null): Promise<void>
  /** Calls `changed` with the id of each server that may have changed; never polls faster than it must. Stops at the signal. */
  watch(changed: (serverId: number) => void, signal: AbortSignal): void
  /** All that there is of servers, also of those that the hub does not know (any more). A spawner that can't leave anything behind has none. */
  belongings?(): Promise<readonly Belonging[]>
  /** Last lines of the server's log, oldest first. */
  log(server: ServerRef, handle: Handle | null, lines: number): Promise<readonly string[]>
}

/** Something of a server that outlives a hub. */
export interface Belonging {
  readonly what: 'pod' | 'volume'
  readonly name: string
  readonly userName: string
  readonly serverName: string
}

/** A profile as the spawn page shows it. */
export interface ProfileCard {
  readonly slug: string
  readonly displayName: string
  readonly description: string
  readonly isDefault: boolean
}

export type { Millis }
