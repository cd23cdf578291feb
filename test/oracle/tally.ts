import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { signalShapes } from '../../src/rules/index.js'

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
