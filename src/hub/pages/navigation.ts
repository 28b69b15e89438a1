import type { Text } from './texts/language.ts'

export interface NavItem {
  readonly href: string
  readonly label: string
  readonly current: boolean
}

/** The links at the top of every page for somebody who is signed in. */
export function navItems(t: Text, at: { hub: string; adminAccess: boolean; template: string }): readonly NavItem[] {
  const item = (page: string, label: string): NavItem => ({
    href: `${at.hub}${page}`,
    label,
    current: at.template === page,
  })
  const items = [item('home', t('page.home')), item('token', t('page.tokens')), item('account', t('page.account'))]
  return at.adminAccess ? [...items, item('admin', t('page.admin'))] : items
}
