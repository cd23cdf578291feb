import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { compare } from './compare.js'
import { differencesOf } from './differences.js'
import { startMonitor } from './monitor.js'
import type { Monitor } from './monitor.js'
import { CONDITIONS, formulas, regular, samplesOf, SIGNALS, WITHOUT_HYSTERESIS } from './samples.js'
import { report, tally } from './tally.js'

const rtamt = inject('rtamt')
const SEED = 20260101

describe.skipIf('missing' in rtamt)('RTAMT in discrete time', () => {
  const total = tally()
  let monitor: Monitor
  beforeAll(() => { if ('python' in rtamt) monitor = startMonitor(rtamt.python) })
  afterAll(async () => {
    report('discrete', total)
    await monitor.close()
  })

  test(`offline, a sample a second, agrees on 1,500 formulas (seed ${SEED})`, () => compare(total, {
    runs: 1500,
    seed: SEED,
    formulas: formulas(['1s', '0s', '2s', '3s', '5s']),
    streams: regular(1000),
    sampled: (readings) => ({ mode: 'offline', period: 1, signals: samplesOf(readings, 1000) }),
    differences: (tried) => differencesOf(tried, monitor),
  }))

  test(`online, a sample every 5 s, agrees on 1,500 formulas (seed ${SEED})`, () => compare(total, {
    runs: 1500,
    seed: SEED,
    formulas: formulas(['5s', '0s', '10s', '15s', '20s'], { conditions: WITHOUT_HYSTERESIS }),
    streams: regular(5000),
    sampled: (readings) => ({ mode: 'online', period: 5, signals: samplesOf(readings, 5000) }),
    differences: (tried) => differencesOf(tried, monitor),
  }))

  test('has seen every operator in at least 300 formulas, and knew most moments, and most margins', () => {
    for (const op of [...CONDITIONS, ...SIGNALS]) expect.soft(total.operators[op], op).toBeGreaterThanOrEqual(300)
    expect(total.known / total.moments).toBeGreaterThan(0.5)
    expect(total.margins / total.moments).toBeGreaterThan(0.5)
  })
})
