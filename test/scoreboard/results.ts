import { readFileSync, writeFileSync } from 'node:fs'
import type { Outcome } from './simulator/trial.js'
import type { Scores } from './nab/score.js'

/** What the last runs have found: kept beside the tests, and rendered in docs/scoreboard.md. A part that was not run again stays as it was. */
export interface Results {
  /** Of half A of the benchmark: by detector, and of the chosen one by the folder that files are in. */
  readonly nab?: { readonly files: number; readonly windows: number; readonly detectors: Readonly<Record<string, Scores>>; readonly groups: Readonly<Record<string, Scores>> }
  readonly simulator?: SimulatorResults
  /** The section that `npm run run-length -- --markdown FILE` writes: `--part run-lengths` takes minutes. */
  readonly runLengths?: string
  /** By detector: the time of a sample over that of a loop that reads the same numbers, and bytes of state after the warm-up. */
  readonly costs?: Readonly<Record<string, { readonly ratio: number; readonly bytes: number }>>
}

export interface SimulatorResults {
  /** The first seed, and how many, of the faults of each rule set. */
  readonly from: number
  readonly seeds: Readonly<Record<string, number>>
  readonly healthyDays: Readonly<Record<string, number>>
  /** By rule set and fault (and sensor). */
  readonly faults: Readonly<Record<string, Readonly<Record<string, readonly Outcome[]>>>>
  /** By rule set: the rules of false alarms, and the day. */
  readonly falseAlarms: Readonly<Record<string, readonly { readonly seed: number; readonly day: number; readonly rule: string }[]>>
}

const file = new URL('results.json', import.meta.url)
export const docsFile = new URL('../../docs/scoreboard.md', import.meta.url)

export function readResults(): Results {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Results
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}

export const writeResults = (results: Results): void => { writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`) }
