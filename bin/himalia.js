#!/usr/bin/env node
// The `himalia` command of the clone: sets up what is missing, as `npm start` does.
process.argv.splice(2, 0, 'himalia')
await import('../tools/setup/run.js')
