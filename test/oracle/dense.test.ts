import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { arbitraryCondition } from '../../src/testing/index.js'
import { startMonitor } from './monitor.js'
import type { Monitor } from './monitor.js'
import { compare, report, tally } from './oracle.js'
import { changesOf, CONDITIONS, formulas, irregular, SIGNALS } from './samples.js'

const rtamt = inject('rtamt')
const SEED = 20260103
const RUNS = 3000

describe.skipIf('missing' in rtamt)('RTAMT in dense time', () => {
  const total = tally()
  let monitor: Monitor
  beforeAll(() => { if ('python' in rtamt) monitor = startMonitor(rtamt.python) })
  afterAll(async () => {
    report('dense', total)
    await monitor.close()
  })

  test(`offline, at irregular times, agrees (seed ${SEED})`, () =>
    compare(monitor, total, RUNS, SEED, arbitraryCondition(formulas(['1s', '0s', '250ms', '750ms', '2500ms', '4s'])), irregular(), (readings) => ({ mode: 'dense', signals: changesOf(readings) })))

  test('has seen every operator often, and most moments known', () => {
    for (const op of [...CONDITIONS, ...SIGNALS]) expect(total.operators, op).toHaveProperty(op, expect.toSatisfy((count: number) => count >= 300))
    expect(total.known / total.moments).toBeGreaterThan(0.5)
  })
})
