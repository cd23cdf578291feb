import { fc, test } from '@fast-check/vitest'
import { pipe } from 'rxjs'
import { describe, expect } from 'vitest'
import type { Alarm, Input, Item, Truth, Verdict } from '../../src/model/index.js'
import { announce, announceBehaviour } from '../../src/operators/announce.js'
import type { Announcement } from '../../src/operators/announce.js'
import { keyed } from '../../src/operators/keyed.js'
import { only } from '../../src/operators/only.js'
import { epoch, marbles } from '../../src/testing/index.js'
import type { OperatorUnderTest } from '../../src/testing/index.js'
import { run } from '../../src/testing/laws/line.js'

const announcement = ({ machine, condition, truth }: Verdict): Announcement =>
  ({ rule: `rule-${condition}`, severity: 'high', class: 'thermal', sensor: condition, message: `${machine}: ${String(truth)}` })

/** Verdicts, with ticks that move the time. */
const streams: fc.Arbitrary<readonly (Verdict | Input)[]> = fc
  .array(
    fc.record({
      step: fc.constantFrom(0, 1000),
      machine: fc.constantFrom('a', 'b'),
      condition: fc.constantFrom('x', 'y'),
      truth: fc.constantFrom<Truth>(true, false, 'unknown'),
      margin: fc.integer({ min: -3, max: 3 }),
    }),
    { maxLength: 30 },
  )
  .map((steps) => {
    let time = epoch
    return steps.flatMap(({ step, ...fields }): readonly (Verdict | Input)[] => [{ kind: 'tick', time: (time += step) }, { kind: 'verdict', time, ...fields }])
  })

const outputsOf = (op: (time: Parameters<OperatorUnderTest<Alarm>>[0]) => ReturnType<typeof announce>, items: readonly (Verdict | Input)[]): readonly Alarm[] =>
  run((time) => pipe(only<Item | Verdict, 'verdict'>('verdict'), op(time)) as ReturnType<OperatorUnderTest<Alarm>>, 'none', items as readonly Input[]) as readonly Alarm[]

describe('announce', () => {
  test.prop([streams])('true raises, false clears, unknown leaves it; each condition of each machine for itself', (items) => {
    const standing = new Map<string, number>()
    const expected = items.flatMap((item): readonly unknown[] => {
      if (item.kind !== 'verdict') return []
      const { machine, condition, truth, time, margin } = item
      const key = JSON.stringify([machine, condition])
      const raisedAt = standing.get(key)
      if (truth === 'unknown' || truth === (raisedAt !== undefined)) return []
      if (truth) standing.set(key, time)
      else standing.delete(key)
      return [{
        kind: 'alarm', time, machine, rule: `rule-${condition}`, state: truth ? 'raised' : 'cleared', status: truth ? 'unacknowledged' : 'normal', raisedAt: raisedAt ?? time, severity: 'high', class: 'thermal',
        sensor: condition, message: `${machine}: ${String(truth)}`, value: margin, limit: NaN,
      }]
    })
    const seen = outputsOf((time) => announce(announcement, {}, time), items)
    expect(seen.map(({ id: _, occurrence: __, ...alarm }) => alarm)).toEqual(expected)
    for (const { id, occurrence, state } of seen) expect(id).toBe(`${occurrence}/${state}`)
  })

  test.prop([streams])('a machine that was forgotten is as a new one', (items) => {
    const { idle: _, ...without } = announceBehaviour(announcement)
    const key = ({ machine, condition }: Verdict): string => `${machine} ${condition}`
    expect(outputsOf((time) => keyed(without, { key }, time), items)).toEqual(outputsOf((time) => announce(announcement, {}, time), items))
  })

  test('the example', () => {
    const verdict = (truth: Truth) => (time: number): Verdict => ({ kind: 'verdict', time, machine: 'm', condition: 'hot', truth, margin: 1 })
    const alarm = (state: Alarm['state']) => (time: number): Alarm => ({
      kind: 'alarm', id: `hot/m/2/${state}`, occurrence: 'hot/m/2', time, machine: 'm', rule: 'hot', state, status: state === 'raised' ? 'unacknowledged' : 'normal', severity: 'high', class: 'thermal', message: 'm is hot', raisedAt: 2, value: 1, limit: NaN,
    })
    marbles<Verdict, Alarm>((time) => announce(({ machine }) => ({ rule: 'hot', severity: 'high', class: 'thermal', message: `${machine} is hot` }), {}, time))
      .of('f-t-t-u-f-|', { f: verdict(false), t: verdict(true), u: verdict('unknown') })
      .gives('--r-----c-|', { r: alarm('raised'), c: alarm('cleared') })
  })
})
