// Runs before the first paint, so that a dark page doesn't flash white.
;(() => {
  const key = 'jupyterhub-bs-theme'
  const system = window.matchMedia('(prefers-color-scheme: dark)')
  const stored = () => {
    try {
      return localStorage.getItem(key)
    } catch {
      return null // Storage is switched off: the system's choice holds.
    }
  }
  const apply = () => {
    document.documentElement.dataset.bsTheme = stored() ?? (system.matches ? 'dark' : 'light')
  }
  const toggle = () => {
    const next = document.documentElement.dataset.bsTheme === 'dark' ? 'light' : 'dark'
    document.documentElement.dataset.bsTheme = next
    try {
      localStorage.setItem(key, next)
    } catch {
      // The choice then lasts as long as the page.
    }
  }
  apply()
  system.addEventListener('change', apply)
  document.addEventListener('DOMContentLoaded', () => {
    const button = document.getElementById('dark-theme-toggle')
    if (!button) return
    button.hidden = false
    button.addEventListener('click', toggle)
  })
})()
