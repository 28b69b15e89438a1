#!/usr/bin/env node
// The `himalia` command of the clone: sets up what is missing, as `npm start` does; without a command it starts.
const [first = 'start'] = process.argv.slice(2)
const help = ['--help', '-h', '--version', '-V']
const starts = first === 'start' || (first.startsWith('-') && !help.includes(first))
process.argv.splice(2, process.argv[2] === 'start' ? 1 : 0, starts ? 'start' : 'himalia')
await import('../tools/setup/run.js')
