import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { compare } from './compare.js'
import { differencesFromTheBeginning, differencesOf } from './differences.js'
import { startMonitor } from './monitor.js'
import type { Monitor } from './monitor.js'
import { changesOf, CONDITIONS, formulas, irregular, SIGNALS, WITHOUT_HYSTERESIS, WITHOUT_SEQUENCES, WITHOUT_WINDOWS } from './samples.js'
import { report, tally } from './tally.js'

const rtamt = inject('rtamt')
const SEED = 20260101
const DURATIONS = ['1s', '0s', '250ms', '750ms', '2500ms', '4s'] as const

describe.skipIf('missing' in rtamt)('RTAMT in dense time', () => {
  const total = tally()
  let monitor: Monitor
  beforeAll(() => { if ('python' in rtamt) monitor = startMonitor(rtamt.python) })
  afterAll(async () => {
    report('dense', total)
    await monitor.close()
  })

  test(`at irregular times, agrees on 1,000 formulas (seed ${SEED})`, () => compare(total, {
    runs: 1000,
    seed: SEED,
    formulas: formulas(DURATIONS),
    streams: irregular(),
    sampled: (readings) => ({ mode: 'dense', signals: changesOf(readings) }),
    differences: (tried) => differencesOf(tried, monitor),
  }))

  test(`at irregular times, agrees on 1,500 formulas without hysteresis (seed ${SEED})`, () => compare(total, {
    runs: 1500,
    seed: SEED,
    formulas: formulas(DURATIONS, { conditions: WITHOUT_HYSTERESIS }),
    streams: irregular(),
    sampled: (readings) => ({ mode: 'dense', signals: changesOf(readings) }),
    differences: (tried) => differencesOf(tried, monitor),
  }))

  test(`from the very beginning, unknown and all, agrees on 1,000 formulas (seed ${SEED})`, () => compare(total, {
    runs: 1000,
    seed: SEED,
    formulas: formulas(DURATIONS, { conditions: WITHOUT_SEQUENCES, signals: WITHOUT_WINDOWS }),
    streams: irregular(),
    sampled: (readings) => ({ mode: 'dense', signals: changesOf(readings) }),
    differences: (tried) => differencesFromTheBeginning(tried, monitor),
  }))

  test('has seen every operator in at least 300 formulas, and knew most moments, and most margins', () => {
    for (const op of [...CONDITIONS, ...SIGNALS]) expect.soft(total.operators[op], op).toBeGreaterThanOrEqual(300)
    expect(total.known / total.moments).toBeGreaterThan(0.5)
    expect(total.margins / total.moments).toBeGreaterThan(0.5)
  })
})
