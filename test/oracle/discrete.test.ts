import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { arbitraryCondition } from '../../src/testing/index.js'
import { startMonitor } from './monitor.js'
import type { Monitor } from './monitor.js'
import { compare, report, tally } from './oracle.js'
import { CONDITIONS, formulas, regular, samplesOf, SIGNALS } from './samples.js'

const rtamt = inject('rtamt')
const SEED = 20260101
const RUNS = 1500

describe.skipIf('missing' in rtamt)('RTAMT in discrete time', () => {
  const total = tally()
  let monitor: Monitor
  beforeAll(() => { if ('python' in rtamt) monitor = startMonitor(rtamt.python) })
  afterAll(async () => {
    report('discrete', total)
    await monitor.close()
  })

  test(`offline, a sample a second, agrees (seed ${SEED})`, () =>
    compare(monitor, total, RUNS, SEED, arbitraryCondition(formulas(['1s', '0s', '2s', '3s', '5s'])), regular(1000), (readings) => ({ mode: 'offline', period: 1, signals: samplesOf(readings, 1000) })))

  test(`online, a sample every 5 s, agrees (seed ${SEED + 1})`, () =>
    compare(monitor, total, RUNS, SEED + 1, arbitraryCondition(formulas(['5s', '0s', '10s', '15s', '20s'])), regular(5000), (readings) => ({ mode: 'online', period: 5, signals: samplesOf(readings, 5000) })))

  test('has seen every operator often, and most moments known', () => {
    for (const op of [...CONDITIONS, ...SIGNALS]) expect(total.operators, op).toHaveProperty(op, expect.toSatisfy((count: number) => count >= 300))
    expect(total.known / total.moments).toBeGreaterThan(0.5)
  })
})
