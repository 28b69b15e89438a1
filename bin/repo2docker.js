#!/usr/bin/env node
// repo2docker's command of the clone, for whatever calls `repo2docker` or `jupyter-repo2docker`.
process.argv.splice(2, 0, 'himalia', 'repo2docker')
await import('../tools/setup/run.js')
