/** CPython in this thread: within a limit of memory, with the world's modules in it. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { loadPyodide } from 'pyodide'
import type { PythonFile } from './code.ts'

export type Interpreter = Awaited<ReturnType<typeof loadPyodide>>

/** Node has it; its types come with those of browsers. */
declare const WebAssembly: { Memory: { prototype: { buffer: ArrayBuffer; grow(pages: number): number } } }

const worldFolder = join(import.meta.dirname, 'world')
const inPython = '/himalia/world'
const pageBytes = 65_536

/** `printed` gets every line that code writes. */
export async function openInterpreter(limitBytes: number, printed: (line: string) => void): Promise<Interpreter> {
  limitMemory(limitBytes)
  // Without globals of JavaScript: what is in them would be a way out.
  const python = await loadPyodide({ jsglobals: {}, env: { HOME: '/tmp' }, stdout: printed, stderr: printed })
  for (const file of pythonFiles()) put(python, join(inPython, relative(worldFolder, file)), readFileSync(file))
  python.runPython(`import sys; sys.path.insert(0, ${JSON.stringify(inPython)}); sys.dont_write_bytecode = True`)
  return python
}

function pythonFiles(): readonly string[] {
  return readdirSync(worldFolder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.py'))
    .map((name) => join(worldFolder, name))
}

function put({ FS }: Interpreter, path: string, content: Uint8Array): void {
  FS.mkdirTree(dirname(path))
  FS.writeFile(path, content)
}

/** Files of the administrator's, which nobody may change. */
export function putFiles(python: Interpreter, files: readonly PythonFile[]): void {
  for (const { path, base64 } of files) {
    put(python, path, Buffer.from(base64, 'base64'))
    python.FS.chmod(path, 0o444)
  }
}

/** WebAssembly's memory knows no limit of its own below 4 GiB; where it may not grow, Python raises MemoryError. */
function limitMemory(limitBytes: number): void {
  const { grow } = WebAssembly.Memory.prototype
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * pageBytes > limitBytes) throw new RangeError('The memory is used up')
    return grow.call(this, pages)
  }
}
