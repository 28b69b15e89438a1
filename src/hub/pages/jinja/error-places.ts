/**
 * Makes nunjucks tell where a template failed while it ran: the right line, and the file that a block stands in. It
 * counts the lines of such errors from 0, and names the file of the page for what fails in a block of another file.
 */
import nunjucks from 'nunjucks'

interface TemplateError {
  Update?(path: string): void
}

type Done = (error: TemplateError | null | undefined, result: unknown) => void
type Block = (...given: [...before: unknown[], done: Done]) => void

/** nunjucks' inside as far as it is touched here; its types leave it out. */
interface Inside {
  runtime: { handleError(error: unknown, line: number, column: number): unknown }
  Template: { prototype: { path: string; _getBlocks(compiled: object): Record<string, Block> } }
}

export function installErrorPlaces(): void {
  const { runtime, Template } = nunjucks as unknown as Inside
  const handleError = runtime.handleError
  runtime.handleError = (error, line, column) => handleError(error, line + 1, column + 1)
  const getBlocks = Template.prototype._getBlocks
  Template.prototype._getBlocks = function named(compiled) {
    const blocks = Object.entries(getBlocks.call(this, compiled))
    return Object.fromEntries(blocks.map(([name, block]) => [name, withPlace(block, this.path)]))
  }
}

/** The first that is told the path puts the line beside it. */
function withPlace(block: Block, path: string): Block {
  return (...given) => {
    const done = given.at(-1) as Done
    const before = given.slice(0, -1)
    block(...before, (error, result) => {
      error?.Update?.(path)
      done(error, result)
    })
  }
}
