import { detectors, parametersOf } from '../../../src/detectors/index.js'
import type { Detector } from '../../../src/detectors/index.js'
import type { NabFile } from './read.js'
import { scored } from './score.js'
import type { Scores } from './score.js'

/** One for all files: an alarm where the score is above 1, and none in so many samples after one. */
const REFRACTORY = 120

/** The detector whose score is the project's. */
export const CHOSEN = 'envelopeBank'

/** The rows at which a detector with its defaults alarms. */
export function alarmsOf(detector: Detector, { times, values }: Pick<NabFile, 'times' | 'values'>): readonly number[] {
  const params = parametersOf(detector)
  const state = detector.start(params, 1)
  const alarms: number[] = []
  values.forEach((value, row) => {
    const score = detector.next(state, [value], times[row]!, true, params)
    if (score > 1 && row - (alarms.at(-1) ?? -REFRACTORY) >= REFRACTORY) alarms.push(row)
  })
  return alarms
}

/** Of each detector of one signal. */
export function nabScores(files: readonly NabFile[]): Readonly<Record<string, Scores>> {
  const single = [...detectors.values()].filter(({ inputs: [least] }) => least === 1)
  return Object.fromEntries(single.map((detector) => [detector.name, scored(files.map((file) => ({ file, alarms: alarmsOf(detector, file) })))]))
}

/** By the folder that a file is in: where a score comes from. */
export function nabByGroup(files: readonly NabFile[]): Readonly<Record<string, Scores>> {
  const chosen = detectors.get(CHOSEN)!
  const groups = [...new Set(files.map(({ name }) => name.split('/')[0]!))]
  return Object.fromEntries(groups.map((group) => [group, scored(files.filter(({ name }) => name.startsWith(`${group}/`)).map((file) => ({ file, alarms: alarmsOf(chosen, file) })))]))
}
