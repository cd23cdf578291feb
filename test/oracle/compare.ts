import { fc } from '@fast-check/vitest'
import type { Condition } from '../../src/rules/index.js'
import type { Reading } from '../../src/model/index.js'
import { told } from './differences.js'
import type { Case, Comparison, Sampled } from './differences.js'
import type { Tally } from './tally.js'

const operatorsIn = (formula: unknown): readonly string[] =>
  typeof formula !== 'object' || formula === null ? [] : [...('op' in formula ? [formula.op as string] : []), ...Object.values(formula).flatMap(operatorsIn)]

export interface Trial {
  readonly runs: number
  readonly seed: number
  readonly formulas: fc.Arbitrary<Condition>
  readonly streams: fc.Arbitrary<readonly Reading[]>
  /** As RTAMT takes them. */
  readonly sampled: (readings: readonly Reading[]) => Sampled
  readonly differences: (tried: Case) => Promise<Comparison>
}

/** Compares so many formulas, each over readings of its own, and fails with the smallest that it finds where ours differs from RTAMT's. */
export async function compare(total: Tally, { runs, seed, formulas, streams, sampled, differences }: Trial): Promise<void> {
  const property = fc.asyncProperty(formulas, streams, async (condition, readings) => {
    const tried = { condition, readings, sampled: sampled(readings) }
    const comparison = await differences(tried)
    if (comparison.differences.length > 0) throw new Error(told(tried, comparison))
    total.formulas++
    total.moments += comparison.moments
    total.known += comparison.known
    total.margins += comparison.margins
    for (const op of new Set(operatorsIn(condition))) total.operators[op] = (total.operators[op] ?? 0) + 1
  })
  try {
    await fc.assert(property, { numRuns: runs, seed })
  } catch (error) {
    total.formulas++
    total.differences++
    throw error
  }
}
