import fc from 'fast-check'
import type { RuleTest } from '../rule-test.js'

/** What went wrong. */
export interface Failure {
  readonly why: string
  /** How many readings it took. */
  readonly readings: number
  /** The readings as a test that the rule should pass. */
  readonly test: () => RuleTest
}

export interface Tried {
  /** Streams that were tried before it failed, itself included. */
  readonly runs: number
  /** Streams of which the property says something. */
  readonly telling: number
  readonly failure?: Failure
}

/** Tries a property over streams, and finds the least that breaks it. */
export type Trial = (options: { readonly numRuns: number; readonly seed?: number }) => Tried

/** `idle`: the property says nothing of this case. */
export const trial = <Case>(cases: fc.Arbitrary<Case>, check: (tried: Case) => Failure | 'holds' | 'idle'): Trial => ({ numRuns, seed }) => {
  let telling = 0
  const property = fc.property(cases, (tried) => {
    const said = check(tried)
    if (said !== 'idle') telling++
    return typeof said === 'string'
  })
  const { failed, counterexample, numRuns: runs } = fc.check(property, { numRuns, ...(seed === undefined ? {} : { seed }) })
  const failure = failed ? check(counterexample![0]) : 'holds'
  return { runs, telling, ...(typeof failure === 'string' ? {} : { failure }) }
}
