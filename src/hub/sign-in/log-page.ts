/** GET `/hub/sign-ins`: administrators see who came in or was turned away, with what, and what the rules say. */
import type { FastifyReply } from 'fastify'
import { lastAudit } from '#store'
import type { HubContext } from '../context.ts'
import type { Exchange } from '../http/cookies.ts'
import { render, sendPage, type Text, textForCode, textOf } from '../pages/index.ts'
import { errors } from './errors.ts'
import { type Explanation, explain, pastVisit, signInActions } from './explain.ts'
import { queryText } from './form.ts'

const shown = 50

/** Errors: SIGN_INS_ADMINS_ONLY. */
export async function showSignIns(context: HubContext, { request, reply }: Exchange): Promise<FastifyReply> {
  const caller = await request.caller()
  if (caller.kind === 'anonymous')
    return reply.redirect(`${context.urls.hub}login?next=${encodeURIComponent(request.url)}`, 302)
  if (!caller.scopes.has('admin:users')) throw errors.SIGN_INS_ADMINS_ONLY(undefined)
  const t = textOf(request)
  const user = (queryText(request, 'user') ?? '').trim()
  const found = user === '' ? null : await explain(context, user)
  const target = found ? { target: `user ${found.name}` } : {}
  const rows = await lastAudit(context.store.db, { actions: signInActions, limit: shown, ...target })
  const html = await render(request, context, 'sign-ins', {
    asked: user,
    explanation: found && explanationView(found),
    visits: rows.map((row) => ({ name: row.target.replace(/^user /, ''), ...visitView(pastVisit(row), t) })),
  })
  return sendPage(reply.header('cache-control', 'no-store'), html)
}

function visitView(visit: ReturnType<typeof pastVisit>, t: Text) {
  const { at, outcome, because, log, ip, way, attributes } = visit
  // The sentence may have holes that only the visit itself could fill.
  const sentence = outcome === 'denied' ? textForCode(t, 'error', { code: because, facts: {} }) : null
  return {
    at: new Date(at),
    entered: outcome === 'entered',
    because,
    sentence: sentence !== null && !sentence.includes('{') ? sentence : '',
    log: log ?? '',
    ip,
    way,
    attributes: Object.entries(attributes).map(([name, value]) => ({
      name,
      value: typeof value === 'string' ? value : JSON.stringify(value),
    })),
  }
}

function explanationView({ name, account, decision, way, visit }: Explanation) {
  return {
    name,
    way,
    isKnown: account !== null,
    isAdmin: decision.isAdmin === true,
    isBlocked: decision.outcome === 'blocked',
    enters: decision.outcome === 'enters',
    nameOnly: !visit?.seen,
    checks: decision.checks,
  }
}
