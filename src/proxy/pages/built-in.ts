import { type Language, words } from './texts.ts'

/** A small page of its own, for when the hub can't be asked. No script, no outside file; holds nothing of the request. */
export function builtInPage(status: number, language: Language): string {
  const { title, text, action } = words[language][pageStatus(status)]
  const address = status === 503 || status === 500 ? '' : '/'
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
:root { color-scheme: light dark; --ink: #1f2328; --soft: #59636e; --paper: #f6f8fa; --card: #fff; --accent: #b3470d }
@media (prefers-color-scheme: dark) {
  :root { --ink: #f0f3f6; --soft: #a3adb8; --paper: #0d1117; --card: #161b22; --accent: #f0883e }
}
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif }
main { max-width: 28rem; margin: 1rem; padding: 2rem; background: var(--card); border-radius: .75rem;
  box-shadow: 0 1px 4px #0003 }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25 }
p { margin: 0 0 1.25rem }
small { color: var(--soft) }
a { color: var(--accent); font-weight: 600 }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${text}</p>
<p><a href="${address}">${action}</a></p>
<small>${status}</small>
</main>
</body>
</html>
`
}

function pageStatus(status: number): 400 | 404 | 500 | 503 {
  return status === 400 || status === 404 || status === 503 ? status : 500
}
