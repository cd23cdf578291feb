import { readFileSync } from 'node:fs'
import { configureGlobal, readConfigureGlobal } from 'fast-check'
import type { Job } from './job.js'

const { limit } = JSON.parse(readFileSync(process.env['MOTORWATCH_MUTATION_JOB'] ?? '', 'utf8')) as Job

/** A property that fails is not shrunk, and one that holds is not tried for longer than the limit. */
configureGlobal({ ...readConfigureGlobal(), endOnFailure: true, interruptAfterTimeLimit: limit })
