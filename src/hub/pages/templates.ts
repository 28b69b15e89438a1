/** The template environment of a hub: made anew when the administrator's directories change, with the stock one beside it. */
import type { Millis } from '#base/clock.ts'
import type { HubContext } from '../context.ts'
import { stampOf, type TemplateEnvironment, TemplateFailure, templateEnvironment } from './jinja/environment.ts'

interface Known {
  readonly stamp: string
  readonly lookedAt: Millis
  readonly own: TemplateEnvironment
}

/** How long a change of a template file may go unnoticed. */
const lookAgainAfterMs = 2000

const known = new WeakMap<HubContext, Known>()
let stockEnvironment: TemplateEnvironment | null = null

/**
 * Renders a template of the administrator or, when that is missing or broken, the stock one. What is wrong with a
 * broken one goes to the log with its file and line; people see a page that works.
 */
export function renderTemplate(
  context: HubContext,
  name: string,
  variables: Readonly<Record<string, unknown>>,
): string {
  const paths = context.settings().hub.templatePaths
  if (paths.length === 0) return stock().render(name, variables)
  try {
    return ownEnvironment(context, paths).render(name, variables)
  } catch (error) {
    if (!(error instanceof TemplateFailure)) throw error
    const { file, line, message } = error
    context.log.error({ template: name, file, line, message }, 'Template is broken; the stock one is shown instead')
    return stock().render(name, variables)
  }
}

/** The first of the names that there is a template of. */
export function chooseTemplate(context: HubContext, names: readonly [...string[], string]): string {
  const paths = context.settings().hub.templatePaths
  const environment = paths.length === 0 ? stock() : ownEnvironment(context, paths)
  return names.find((name) => environment.has(name)) ?? (names.at(-1) as string)
}

function ownEnvironment(context: HubContext, paths: readonly string[]): TemplateEnvironment {
  const now = context.clock.now()
  const last = known.get(context)
  if (last !== undefined && now - last.lookedAt < lookAgainAfterMs && last.stamp.startsWith(paths.join('\n'))) {
    return last.own
  }
  const stamp = stampOf(paths)
  const own = last?.stamp === stamp ? last.own : templateEnvironment(paths)
  known.set(context, { stamp, lookedAt: now, own })
  return own
}

function stock(): TemplateEnvironment {
  stockEnvironment ??= templateEnvironment([])
  return stockEnvironment
}
