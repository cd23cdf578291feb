import { readFileSync } from 'node:fs'
import { configureGlobal, readConfigureGlobal } from 'fast-check'
import type { Job } from './job.js'

const { limit } = JSON.parse(readFileSync(process.env['MOTORWATCH_MUTATION_JOB'] ?? '', 'utf8')) as Job

/** A property is not tried, nor shrunk, for longer than the limit. */
configureGlobal({ ...readConfigureGlobal(), interruptAfterTimeLimit: limit })
