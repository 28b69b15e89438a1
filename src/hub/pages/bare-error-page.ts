import { escapeHtml } from './views/limited-html.ts'

/** The error page of last resort: needs no template, no database and no session. */
export function bareErrorPage(status: number, sentence: string, hubUrl: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${status} ${escapeHtml(sentence)}</title></head>
<body><main><h1>${status}: ${escapeHtml(sentence)}</h1>
<p>The hub can't show its usual page at the moment. Wait a little and <a href="${escapeHtml(hubUrl)}home">try again</a>.</p></main></body></html>
`
}
