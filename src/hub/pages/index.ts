export { type ErrorPage, languageOf, render, renderError, textOf, type Variables } from './render.ts'
export { sendPage } from './send-page.ts'
