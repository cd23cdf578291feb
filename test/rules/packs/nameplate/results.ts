import { readFileSync, writeFileSync } from 'node:fs'
import { nameplate, ruleText } from '../../../../src/rules/index.js'
import type { Healthy, Trial } from './trial.js'

/** What the last whole run has found: kept beside the tests, and rendered in docs/nameplate.md. */
export interface Results {
  /** The rules that it ran, one line each: other rules, other results. */
  readonly rules: readonly string[]
  /** By the motor's name. */
  readonly healthy: Readonly<Record<string, readonly Healthy[]>>
  /** By `titleOf` the case. */
  readonly faults: Readonly<Record<string, readonly Trial[]>>
  /** Of the motors that are well: what they took of one core. */
  readonly speed: { readonly readings: number; readonly seconds: number }
  /** Of one core, the whole run. */
  readonly seconds: number
}

const resultsFile = new URL('results.json', import.meta.url)
export const docsFile = new URL('../../../../docs/nameplate.md', import.meta.url)

/** One line a trial. */
export function writeResults(results: Results): void {
  const lines = (of: Readonly<Record<string, readonly unknown[]>>): string =>
    Object.entries(of).map(([name, list]) => `${JSON.stringify(name)}: [\n${list.map((each) => JSON.stringify(each)).join(',\n')}\n]`).join(',\n')
  const { rules, healthy, faults, ...rest } = results
  const fields = [...Object.entries(rest).map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`), `"rules": [\n${rules.map((rule) => JSON.stringify(rule)).join(',\n')}\n]`]
  writeFileSync(resultsFile, `{\n${[...fields, `"healthy": {\n${lines(healthy)}\n}`, `"faults": {\n${lines(faults)}\n}`].join(',\n')}\n}\n`)
}

export const readResults = (): Results => JSON.parse(readFileSync(resultsFile, 'utf8')) as Results

/** The pack of now, one line a rule. */
export const rulesNow = (): readonly string[] => nameplate().map(ruleText)
