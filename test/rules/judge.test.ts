import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { above, all, any, atOrAbove, atOrBelow, below, followedBy, heldFor, inside, judge, not, outside, ratio, within } from 'motorwatch/rules'
import type { Condition } from 'motorwatch/rules'
import { duration } from 'motorwatch/time'

type Sample = { readonly at: number; readonly x: number; readonly y: number }
type Truth3 = 0 | 1 | 2

const STALE = 10

/** Judges after each sample and whenever a timer is due, as the operators do; what was decided, from when on. */
function verdicts(condition: Condition, samples: readonly Sample[], until: number): readonly { readonly at: number; readonly truth: number; readonly margin: number }[] {
  const { sensors, add, frame } = judge(STALE)
  const judgement = add(condition)
  const state = frame('m', 0)
  const seen: { at: number; truth: number; margin: number }[] = []
  const events = new Map(samples.map((sample) => [sample.at, sample]))
  let due = Infinity
  for (let now = 0; now <= until; now = Math.min(...[...events.keys()].filter((at) => at > now), due > now ? due : Infinity, until + 1)) {
    const sample = events.get(now)
    if (sample !== undefined)
      for (const [sensor, value] of [['x', sample.x], ['y', sample.y]] as const) {
        const index = sensors.get(sensor)
        if (index === undefined) continue
        state.values[index] = value
        state.times[index] = now
      }
    else if (now === 0 && !events.has(0)) {
      due = Infinity
      continue
    }
    judgement.judge(state, now)
    seen.push({ at: now, truth: judgement.truth, margin: judgement.margin })
    const stale = state.times.map((time) => time + STALE).filter((time) => time > now)
    due = Math.min(judgement.wakeAt, ...stale)
  }
  return seen
}

/** The definition, evaluated at every half unit of time: a signal holds its last value for STALE, from the first sample on; unknown before it. */
function defined(condition: Condition, samples: readonly Sample[], at: number, start: number): Truth3 {
  const value = (sensor: string): number => {
    const last = samples.findLast((sample) => sample.at <= at && sample.at + STALE > at)
    return last === undefined ? NaN : sensor === 'x' ? last.x : last.y
  }
  const truth = (known: boolean, holds: boolean): Truth3 => (known ? (holds ? 1 : 0) : 2)
  switch (condition.op) {
    case 'above':
      return truth(!Number.isNaN(value(condition.signal as string)), value(condition.signal as string) > (condition.limit as number))
    case 'below':
      return truth(!Number.isNaN(value(condition.signal as string)), value(condition.signal as string) < (condition.limit as number))
    case 'outside':
    case 'inside': {
      const v = value(condition.signal as string)
      return truth(!Number.isNaN(v), (v < (condition.low as number) || v > (condition.high as number)) === (condition.op === 'outside'))
    }
    case 'not': {
      const inner = defined(condition.of, samples, at, start)
      return inner === 2 ? 2 : inner === 1 ? 0 : 1
    }
    case 'all':
    case 'any': {
      const parts = condition.of.map((part) => defined(part, samples, at, start))
      const decisive = condition.op === 'all' ? 0 : 1
      return parts.includes(decisive) ? decisive : parts.includes(2) ? 2 : ((1 - decisive) as Truth3)
    }
    case 'heldFor':
    case 'within': {
      const decisive = condition.op === 'heldFor' ? 0 : 1
      const found: Truth3[] = []
      // half-open pieces: a value that ended exactly at the window's start is no longer in it
      for (let time = at - duration(condition.for); time <= at; time += 0.5) found.push(time < start ? 2 : defined(condition.of, samples, time, start))
      return found.includes(decisive) ? decisive : found.includes(2) ? 2 : ((1 - decisive) as Truth3)
    }
    default:
      throw new Error(`not defined here: ${condition.op}`)
  }
}

const leaf: fc.Arbitrary<Condition> = fc.tuple(fc.constantFrom('x', 'y'), fc.integer({ min: -2, max: 2 }), fc.nat({ max: 3 })).map(([sensor, limit, op]) =>
  op === 0 ? above(sensor, limit) : op === 1 ? below(sensor, limit) : op === 2 ? outside(sensor, limit - 1, limit + 1) : inside(sensor, limit - 1, limit + 1),
)
const { condition: anyCondition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    leaf,
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((of) => all(...of)),
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((of) => any(...of)),
    tie('condition').map(not),
    fc.tuple(fc.integer({ min: 0, max: 6 }), tie('condition')).map(([time, of]) => heldFor(time, of)),
    fc.tuple(fc.integer({ min: 0, max: 6 }), tie('condition')).map(([time, of]) => within(time, of)),
  ),
}))
const anySamples = fc
  .array(fc.record({ step: fc.constantFrom(1, 1, 1, 2, 3, 5, 13), x: fc.integer({ min: -3, max: 3 }), y: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(NaN)) }), { minLength: 1, maxLength: 15 })
  .map((items) => {
    let at = -1
    return items.map(({ step, x, y }): Sample => ({ at: (at += step), x, y }))
  })

describe('a judge', () => {
  test.prop([anyCondition, anySamples], { numRuns: 500 })('decides at every moment what the definition says, and turns at that very moment', (condition, samples) => {
    const start = samples[0]!.at
    const until = samples.at(-1)!.at + 20
    const seen = verdicts(condition, samples, until).filter(({ at }) => at >= start)
    for (let at = start; at <= until; at += 0.5) {
      const standing = seen.findLast((verdict) => verdict.at <= at)
      expect(`${at}: ${standing?.truth}`).toBe(`${at}: ${defined(condition, samples, at, start)}`)
    }
  })

  test.prop([anyCondition, anySamples])('a margin other than zero agrees with the truth, and is NaN exactly while it is unknown', (condition, samples) => {
    for (const { truth, margin } of verdicts(condition, samples, samples.at(-1)!.at + 20)) {
      expect(Number.isNaN(margin)).toBe(truth === 2)
      if (margin > 0) expect(truth).toBe(1)
      if (margin < 0) expect(truth).toBe(0)
    }
  })

  test.prop([anyCondition, anySamples])('not turns truth and margin round', (condition, samples) => {
    const until = samples.at(-1)!.at + 20
    const plain = verdicts(condition, samples, until)
    const turned = verdicts(not(condition), samples, until)
    expect(turned).toEqual(plain.map(({ at, truth, margin }) => ({ at, truth: truth === 2 ? 2 : 1 - truth, margin: 0 - margin })))
  })

  const once = (condition: Condition, x: number, y = 0): readonly number[] => {
    const { truth, margin } = verdicts(condition, [{ at: 0, x, y }], 0)[0]!
    return [truth, margin]
  }

  test('at the limit itself above, below and outside are false, and inside is true', () => {
    expect(once(above('x', 5), 5)).toEqual([0, 0])
    expect(once(below('x', 5), 5)).toEqual([0, 0])
    expect(once(outside('x', 1, 5), 5)).toEqual([0, 0])
    expect(once(inside('x', 1, 5), 5)).toEqual([1, 0])
  })

  test('the margin of a hold is the smallest in its window, a value that ended at its start left out', () => {
    const held = heldFor(3, above('x', 0))
    const seen = verdicts(held, [{ at: 0, x: 1, y: 0 }, { at: 1, x: 4, y: 0 }, { at: 2, x: 6, y: 0 }, { at: 4, x: 6, y: 0 }], 4)
    expect(seen.map(({ at, truth, margin }) => [at, truth, margin])).toEqual([[0, 2, NaN], [1, 2, NaN], [2, 2, NaN], [3, 1, 1], [4, 1, 4]])
  })

  test('a margin in a hold of a hold is left out when it has left the inner window, though nothing turned then', () => {
    const seen = verdicts(heldFor(2, heldFor(2, above('x', 0))), [{ at: 0, x: 1, y: 0 }, { at: 1, x: 6, y: 0 }, { at: 5, x: 6, y: 0 }], 5)
    expect(seen.at(-1)).toEqual({ at: 5, truth: 1, margin: 6 })
  })

  test('a sequence within no time is unknown, and not infinitely far from true, while nothing of it is known', () => {
    expect(once(followedBy(above('x', 0), above('x', 1), 0), NaN)).toEqual([2, NaN])
    expect(once(followedBy(above('x', 0), above('x', 1), 0), 3)).toEqual([0, -2])
  })

  test.each([
    above('x', 'y'), below('x', 'y'), atOrAbove('x', 'y'), atOrBelow('x', 'y'), outside('x', 1, 'y'), outside('x', 'y', 1), inside('x', 1, 'y'), inside('x', 'y', 1),
  ])('what is compared with something unknown is unknown: %j', (condition) => {
    expect(once(condition, 5, NaN)).toEqual([2, NaN])
    expect(once(condition, NaN, 5)).toEqual([2, NaN])
  })

  test('a division by zero is unknown', () => {
    expect(once(above(ratio('x', 'y'), 1), 5, 0)).toEqual([2, NaN])
    expect(once(above(ratio('x', 'y'), 1), 5, 2)).toEqual([1, 1.5])
  })
})
