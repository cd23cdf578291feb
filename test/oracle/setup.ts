import type { TestProject } from 'vitest/node'
import { rtamt } from './rtamt.js'
import type { Rtamt } from './rtamt.js'

declare module 'vitest' {
  interface ProvidedContext {
    readonly rtamt: Rtamt
  }
}

/** Looks for RTAMT once, before the tests. In CI it must be there. */
export default function setup(project: TestProject): void {
  const found = rtamt()
  if ('missing' in found) {
    if (process.env['MOTORWATCH_CI_RUN'] !== undefined) throw new Error(`the oracle is part of CI, but ${found.missing}`)
    console.warn(`\n*** THE ORACLE IS SKIPPED: ${found.missing}. Nothing is compared with RTAMT. ***\n`)
  }
  project.provide('rtamt', found)
}
