/**
 * Node's HTTP without what else is in its module: an `import` of it reads all that it exports, and one of these brings
 * the client behind `fetch`, 16 MB in every process. Types are imported from `node:http` as usual, which costs nothing.
 */
export const { Agent, createServer, request, ServerResponse, STATUS_CODES } = process.getBuiltinModule('node:http')
