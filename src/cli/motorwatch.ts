#!/usr/bin/env node
import { main } from './main.js'

// Who reads has gone, as `| head` does: nothing is left to be told.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})
process.exitCode = await main(process.argv.slice(2), process)
