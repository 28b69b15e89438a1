/** The page on which a server is started, or its environment switched while it runs. */
import type { FastifyInstance } from 'fastify'
import { HimaliaError } from '#base/errors.ts'
import type { Profile } from '#config'
import { authState } from '../../auth-state.ts'
import type { HubContext } from '../../context.ts'
import { originOf } from '../../http/origin.ts'
import { pending, type Server } from '../../servers/contract.ts'
import { profilesFor } from '../../servers/profiles.ts'
import { errors } from '../errors.ts'
import { profileNames } from '../profile-names.ts'
import { callerView, render, sentenceOf, textOr } from '../render.ts'
import { sendPage } from '../send-page.ts'
import { fieldsOfForm, optionsOfForm, optionsOfQuery, plainOptions } from '../spawn-form.ts'
import { renderTemplate } from '../templates.ts'
import { offeredProfiles, profileCards, type UserOptions } from '../views/profile-cards.ts'
import { serverPath, serverSuffix } from '../views/server-path.ts'
import { spawnerView } from '../views/user-view.ts'
import { fieldOf, forVisitors, nextOf, type Owner, ownerOf, paramOf, type Visit } from '../visit.ts'

export function registerSpawn(app: FastifyInstance, context: HubContext): void {
  for (const path of ['spawn', 'spawn/', 'spawn/:user', 'spawn/:user/:server']) {
    app.get(`${context.urls.hub}${path}`, forVisitors(context, showSpawn))
    app.post(`${context.urls.hub}${path}`, forVisitors(context, postSpawn))
  }
}

/** What both the form and its answer are about. */
interface Scene {
  readonly visit: Visit
  readonly owner: Owner
  readonly serverName: string
  readonly server: Server | null
  /** Those that the owner may pick. */
  readonly profiles: readonly Profile[]
  /** A form of the administrator's own in their place, as HTML. */
  readonly ownForm: string | null
  readonly next: string | null
}

async function sceneOf(visit: Visit): Promise<Scene> {
  const { context, request, caller } = visit
  const serverName = paramOf(request, 'server')
  const user = paramOf(request, 'user') || caller.name
  const owner = await ownerOf(visit, { user, name: serverName }, 'start:servers')
  const server = await context.servers.find(owner.userId, serverName)
  const { userId, name, admin, groups } = owner
  const ofSignIn = () => authState(context, userId)
  const all = await profilesFor(context, { ...owner, authState: ofSignIn })
  const ownForm = context.hooks.has('optionsForm')
    ? await context.hooks.optionsForm({ userId, name, admin, groups, authState: await ofSignIn() })
    : null
  const profiles = offeredProfiles(all, owner.groups)
  if (all.length > 0 && profiles.length === 0) throw errors.NO_PROFILE(undefined)
  return { visit, owner, serverName, server, profiles, ownForm, next: nextOf(visit) }
}

async function showSpawn(visit: Visit) {
  const scene = await sceneOf(visit)
  const { server, profiles, next } = scene
  if (server !== null && pending(server.state) !== null) return visit.reply.redirect(pendingUrl(scene), 302)
  const isAsked = profiles.length > 0 || scene.ownForm !== null
  if (server?.state.phase === 'ready' && (next !== null || !isAsked)) {
    return visit.reply.redirect(next ?? serverUrl(scene), 302)
  }
  const asked = optionsOfQuery(visit.request.query, profiles)
  if (server?.state.phase === 'ready') return showForm(scene, { chosen: asked })
  // A link on a page of somebody else may open the form with a choice, but not start what it chose.
  const isForeign = originOf(visit.context, visit.request) === 'cross-site'
  if (isAsked && (asked === null || isForeign)) return showForm(scene, { chosen: asked })
  return start(scene, asked)
}

async function postSpawn(visit: Visit) {
  const scene = await sceneOf(visit)
  const { server, profiles } = scene
  const asked = scene.ownForm === null ? optionsOfForm(visit.request.body, profiles) : await ownOptions(scene)
  if (asked !== null && scene.ownForm === null && !profiles.some(({ slug }) => slug === asked.profile)) {
    const message = visit.t('spawn.error.unknown-profile', { profile: asked.profile })
    return showForm(scene, { chosen: null, error: { status: 400, message } })
  }
  const isSwitch = fieldOf(visit.request.body, 'switch') === '1'
  if (server?.state.phase === 'ready' && !isSwitch) {
    return showForm(scene, { chosen: asked, error: { status: 400, message: visit.t('spawn.error.running') } })
  }
  return start(scene, asked, { replace: isSwitch })
}

async function ownOptions({ visit, owner }: Scene): Promise<UserOptions> {
  const fields = fieldsOfForm(visit.request.body)
  const { name, admin, groups } = owner
  return (await visit.context.hooks.optionsFromForm(fields, { name, admin, groups })) ?? plainOptions(fields)
}

/** Starts it and shows the progress; what the servers refuse stands above the form. */
async function start(scene: Scene, asked: UserOptions | null, options: { replace?: boolean } = {}) {
  const { visit, owner, serverName } = scene
  const displayName = fieldOf(visit.request.query, 'display_name')
  const wish = { userId: owner.userId, serverName, userOptions: asked, ...(displayName ? { displayName } : {}) }
  try {
    await visit.context.servers.start(wish, options)
  } catch (error) {
    if (!(error instanceof HimaliaError) || error.status >= 500) throw error
    return showForm(scene, { chosen: asked, error: { status: error.status, message: sentenceOf(visit.t, error) } })
  }
  return visit.reply.redirect(pendingUrl(scene), 303)
}

interface Shown {
  readonly chosen: UserOptions | null
  readonly error?: { readonly status: number; readonly message: string }
}

async function showForm(scene: Scene, { chosen, error }: Shown) {
  const { visit, owner, server, serverName, profiles } = scene
  const { context, request, reply, t, caller } = visit
  const last = server?.userOptions ?? {}
  const offers = context.servers.offers({ user: owner, serverName, profiles })
  const cards = profileCards(profiles, { chosen: chosen ?? last, last, offers })
  const isRunning = server?.state.phase === 'ready'
  const names = profileNames(profiles)
  const spawner = server && spawnerView(server, context.urls.base, names)
  const isStale = typeof last.profile === 'string' && last.profile !== '' && names(last.profile) === null
  const cardsForm =
    profiles.length === 0 ? '' : renderTemplate(context, 'spawn_options.html', { t, t_or: textOr(t), cards, isRunning })
  const optionsForm = scene.ownForm ?? cardsForm
  const variables = {
    user: await callerView(context, caller),
    for_user: owner,
    is_own: owner.name === caller.name,
    spawner,
    server_name: server?.displayName || fieldOf(request.query, 'display_name') || serverName,
    url: request.url,
    server_url: serverUrl(scene),
    is_running: isRunning,
    stale_profile: isStale ? last.profile : null,
    spawner_options_form: optionsForm,
    error_message: error?.message ?? '',
    html_error_message: '',
    auth_state: null,
  }
  return sendPage(reply, await render(request, context, 'spawn', variables), error?.status ?? 200)
}

function serverUrl({ visit, owner, serverName }: Scene): string {
  return serverPath(visit.context.urls.base, owner.name, serverName)
}

function pendingUrl({ visit, owner, serverName, next }: Scene): string {
  const query = next === null ? '' : `?next=${encodeURIComponent(next)}`
  return `${visit.context.urls.hub}spawn-pending/${serverSuffix(owner.name, serverName)}${query}`
}
