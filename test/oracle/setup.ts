import type { TestProject } from 'vitest/node'
import { scientific } from '../detectors/known-answers/python.js'
import { rtamt } from './rtamt.js'
import type { Python } from './virtualenv.js'

declare module 'vitest' {
  interface ProvidedContext {
    readonly rtamt: Python
    readonly scientific: Python
  }
}

/** Looks for the independent implementations once, before the tests. In CI they must be there. */
export default function setup(project: TestProject): void {
  const whole = (what: string, found: Python): Python => {
    if ('missing' in found) {
      if (process.env['MOTORWATCH_CI_RUN'] !== undefined) throw new Error(`the oracle is part of CI, but ${found.missing}`)
      console.warn(`\n*** THE ORACLE IS SKIPPED: ${found.missing}. Nothing is compared with ${what}. ***\n`)
    }
    return found
  }
  project.provide('rtamt', whole('RTAMT', rtamt()))
  project.provide('scientific', whole('NumPy, pandas, statsmodels and river', scientific()))
}
