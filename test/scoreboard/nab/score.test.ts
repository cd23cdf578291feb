import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { alarmsOf, CHOSEN, nabScores } from './run.js'
import { readNab } from './read.js'
import type { NabFile } from './read.js'
import { probation, rawScore, scored } from './score.js'
import { detectors } from '../../../src/detectors/index.js'

const folder = new URL('../../../../shared/data/nab-a', import.meta.url).pathname
const there = existsSync(folder)

describe('the score of a file', () => {
  const file = { rows: 1000, windows: [[500, 599]] as const }
  const standard = { falseAlarm: 0.11, missed: 1 }

  it('is 1 for an alarm at the first row of a window and the cost of a miss without one', () => {
    expect(rawScore(file, [500], standard)).toBe(1)
    expect(rawScore(file, [], standard)).toBe(-1)
  })

  it('counts the earliest alarm in a window once, whatever comes after it', () => {
    expect(rawScore(file, [500, 510, 599], standard)).toBe(1)
  })

  it('takes the whole cost for an alarm before all windows, and less the nearer it lies behind one', () => {
    expect(rawScore(file, [300, 500], standard)).toBeCloseTo(1 - 0.11, 12)
    const near = rawScore(file, [500, 601], standard)
    const far = rawScore(file, [500, 950], standard)
    expect(near).toBeGreaterThan(far)
    expect(far).toBeCloseTo(1 - 0.11, 3)
  })

  it('does not score the first 15 % of the rows, 750 at most', () => {
    expect(probation(1000)).toBe(150)
    expect(probation(100_000)).toBe(750)
    expect(rawScore(file, [149, 500], standard)).toBe(1)
  })
})

describe.skipIf(!there)('the check values of the 29 files', () => {
  const files = there ? readNab(folder) : []
  // From detection.md, which has them from another implementation of the scorer.
  it.each<readonly [string, (file: NabFile) => readonly number[], readonly [number, number, number]]>([
    ["at each window's first row", ({ windows }) => windows.map(([first]) => first), [100, 100, 100]],
    ['at each label', ({ labels }) => labels, [92.657, 92.657, 95.105]],
    ["at each window's last row", ({ windows }) => windows.map(([, last]) => last), [50.993, 50.993, 67.329]],
    ['every 500th row', ({ rows }) => Array.from({ length: Math.ceil(rows / 500) }, (_, i) => 500 * i), [25.363, 0.637, 34.941]],
    ['none', () => [], [0, 0, 0]],
  ])('an alarm %s', (_, alarms, expected) => {
    const { standard, lowFP, lowFN } = scored(files.map((file) => ({ file, alarms: alarms(file) })))
    expect([standard, lowFP, lowFN].map((score) => Number(score.toFixed(3)))).toEqual(expected)
  })

  it('there are 61 windows', () => {
    expect(files.reduce((count, { windows }) => count + windows.length, 0)).toBe(61)
  })

  it('the chosen detector reaches at least 70 / 64 / 74', () => {
    const { standard, lowFP, lowFN } = scored(files.map((file) => ({ file, alarms: alarmsOf(detectors.get(CHOSEN)!, file) })))
    expect(standard).toBeGreaterThanOrEqual(70)
    expect(lowFP).toBeGreaterThanOrEqual(64)
    expect(lowFN).toBeGreaterThanOrEqual(74)
  })

  it('each detector of one signal has a score', () => {
    expect(Object.keys(nabScores(files.slice(0, 2)))).toContain('meanShift')
  })
})

if (!there) process.stderr.write(`SKIPPED: the check values of the benchmark: there is nothing at ${folder}\n`)
