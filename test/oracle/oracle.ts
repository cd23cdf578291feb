import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fc } from '@fast-check/vitest'
import { signalShapes } from '../../src/rules/index.js'
import type { Condition } from '../../src/rules/index.js'
import type { Reading } from '../../src/model/index.js'
import { differencesOf, told } from './differences.js'
import type { Monitor, Request } from './monitor.js'

export interface Tally {
  formulas: number
  /** Of the formulas, in how many each operator is. */
  readonly operators: Record<string, number>
  moments: number
  known: number
  margins: number
  differences: number
}

export const tally = (): Tally => ({ formulas: 0, operators: {}, moments: 0, known: 0, margins: 0, differences: 0 })

const operatorsIn = (formula: unknown): readonly string[] =>
  typeof formula !== 'object' || formula === null ? [] : [...('op' in formula ? [formula.op as string] : []), ...Object.values(formula).flatMap(operatorsIn)]

/** Compares so many formulas, each over readings of its own, and fails with the smallest that it finds where ours differs from RTAMT's. */
export async function compare(
  monitor: Monitor, total: Tally, runs: number, seed: number,
  formulas: fc.Arbitrary<Condition>, streams: fc.Arbitrary<readonly Reading[]>, request: (readings: readonly Reading[]) => Omit<Request, 'specs'>,
): Promise<void> {
  const property = fc.asyncProperty(formulas, streams, async (condition, readings) => {
    const asked = request(readings)
    const comparison = await differencesOf(condition, readings, asked, monitor)
    if (comparison.differences.length > 0) throw new Error(told(condition, readings, asked, comparison))
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

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`

/** The tally as text; `npm run test:oracle` gathers it, too. */
export function report(name: string, total: Tally): void {
  const operators = Object.entries(total.operators).sort(([a], [b]) => Number(a in signalShapes) - Number(b in signalShapes) || a.localeCompare(b))
  console.log([
    `${name}: ${total.formulas} formulas, ${total.differences} differences`,
    `${total.moments} moments: truth compared at ${total.known} (${percent(total.known, total.moments)}), margin at ${total.margins} (${percent(total.margins, total.moments)})`,
    operators.map(([op, count]) => `${op} ${count}`).join(', '),
  ].join('\n'))
  const folder = process.env['MOTORWATCH_ORACLE_RESULTS']
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(total))
}
