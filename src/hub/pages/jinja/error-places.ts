/**
 * Makes nunjucks tell where a template failed while it ran: the right line, and the file that a block stands in. It
 * counts the lines of such errors from 0, and names the file of the page for what fails in a block of another file.
 */
import nunjucks from 'nunjucks'

interface TemplateError {
  Update?(path: string): void
}

/** nunjucks' inside as far as it is touched here; its types leave it out. */
interface Inside {
  runtime: { handleError(error: unknown, line: number, column: number, path?: string): TemplateError }
  compiler: { Compiler: { prototype: { readonly templateName: string; _emitLine(code: string): void } } }
}

const caught = 'runtime.handleError(e, lineno, colno)'

export function installErrorPlaces(): void {
  const { runtime, compiler } = nunjucks as unknown as Inside
  const { prototype } = compiler.Compiler
  const emitLine = prototype._emitLine
  prototype._emitLine = function emitWithPath(code) {
    const path = JSON.stringify(this.templateName)
    emitLine.call(
      this,
      code.replace(caught, () => `${caught.slice(0, -1)}, ${path})`),
    )
  }
  const handleError = runtime.handleError
  runtime.handleError = (error, line, column, path) => {
    const placed = handleError(error, line + 1, column + 1)
    // The first that is told the path puts the line beside it.
    if (placed !== error && path !== undefined) placed.Update?.(path)
    return placed
  }
}
