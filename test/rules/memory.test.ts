import { fc, test } from '@fast-check/vitest'
import { above, absolute, age, atOrAbove, atOrBelow, baseline, choice, clamped, deviationOver, difference, ewma, followedBy, heldFor, hours, hysteresis, i2t, judge, machineState, maxOver, meanOver, minOver, ownSignal, ownSignals, product, quantileOver, rate, ratio, rising, rmsOver, scaled, since, starts, stuck, sum, timeTo } from 'motorwatch/rules'
import type { Condition, Signal } from 'motorwatch/rules'
import * as t from 'io-ts'
import { describe, expect } from 'vitest'
import { extreme, least, leastUntil, OWN, slide } from '../../src/rules/nodes/extreme.js'
import { at, clear, push, ring, shift } from '../../src/rules/nodes/ring.js'

const LENGTH = 20
const moves = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -4, max: 4 }) }, { weight: 1, arbitrary: fc.constant(NaN) })), { maxLength: 300, size: 'max' })

describe('the least value of a window', () => {
  test.prop([moves])('is that of all that it holds, and the window takes no more room than it needs', (steps) => {
    let window = extreme(7, 8, 9)
    const room = window.length
    const segments: { value: number; end: number }[] = []
    let now = 0
    let most = 0
    for (const [step, value] of steps) {
      now += step
      const from = now - LENGTH
      window = slide(window, value, now, LENGTH)
      const last = segments.at(-1)
      if (last?.end === Infinity && last.value !== value) last.end = now
      if (!Number.isNaN(value) && !(last?.end === Infinity)) segments.push({ value, end: Infinity })
      const inside = segments.filter(({ end }) => end > from)
      const smallest = Math.min(...inside.map((one) => one.value))
      expect(least(window)).toBe(smallest)
      expect(leastUntil(window, LENGTH)).toBe(Math.max(...inside.filter((one) => one.value === smallest).map(({ end }) => end), inside.length === 0 ? Infinity : -Infinity) + LENGTH)
      expect([window[OWN], window[OWN + 1], window[OWN + 2]]).toEqual([7, 8, 9])
      most = Math.max(most, inside.length)
      expect(window.length).toBeLessThanOrEqual(Math.max(room, 5 + 2 * 5 * (most + 5)))
    }
  })

  test('grows by an eighth, at least by four, and shrinks again', () => {
    let window = extreme(0, 0, 0)
    const lengths = new Set<number>()
    for (let i = 0; i < 100; i++) {
      window = slide(window, i, i, 1000)
      lengths.add((window.length - 5) / 2)
    }
    expect([...lengths]).toEqual([4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 45, 50, 56, 63, 70, 78, 87, 97, 109])
    window = slide(window, 200, 200, 110)
    expect([(window.length - 5) / 2, least(window)]).toEqual([14, 90])
    window = slide(window, 201, 201, 5)
    expect([(window.length - 5) / 2, least(window)]).toEqual([14, 99])
  })

  test('goes round and round in the room it has', () => {
    let window = extreme(0, 0, 0)
    for (let i = 0; i < 100; i++) window = slide(window, i, i, 3)
    expect([(window.length - 5) / 2, least(window)]).toEqual([4, 96]) // which was held until 97
  })
})

describe('a ring', () => {
  test.prop([fc.array(fc.oneof({ weight: 5, arbitrary: fc.constant('push') }, { weight: 4, arbitrary: fc.constant('shift') }, { weight: 1, arbitrary: fc.constant('shift many') }), { maxLength: 300, size: 'max' })])('is a queue of pairs, with little to spare', (commands) => {
    const queue = ring()
    const model: (readonly [number, number])[] = []
    for (const [i, command] of commands.entries()) {
      if (command === 'push') {
        push(queue, i, -i)
        model.push([i, -i])
      } else {
        for (let n = command === 'shift' ? 1 : 20; n > 0 && model.length > 0; n--) {
          shift(queue)
          model.shift()
        }
      }
      expect(Array.from({ length: queue.size }, (_, k) => [queue.pairs[at(queue, k)], queue.pairs[at(queue, k) + 1]])).toEqual(model)
    }
  })

  test('grows by an eighth, at least by four, shrinks once it is three quarters empty, and can be emptied', () => {
    const queue = ring()
    const rooms = new Set<number>()
    for (let i = 0; i < 100; i++) {
      push(queue, i, 0)
      rooms.add(queue.pairs.length / 2)
    }
    expect([...rooms]).toEqual([4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 45, 50, 56, 63, 70, 78, 87, 97, 109])
    for (let i = 0; i < 72; i++) shift(queue)
    expect([queue.size, queue.pairs.length / 2]).toEqual([28, 109])
    shift(queue)
    expect([queue.size, queue.pairs.length / 2, queue.pairs[at(queue, 0)]]).toEqual([27, 34, 73])
    for (let i = 0; i < 23; i++) shift(queue)
    expect([queue.size, queue.pairs.length / 2]).toEqual([4, 13])
    shift(queue)
    expect([queue.size, queue.pairs.length / 2]).toEqual([3, 13])
    clear(queue)
    expect(queue).toEqual(ring())
    expect(ring()).toEqual({ pairs: [], head: 0, size: 0 })
  })

  test('goes round and round in the room it has', () => {
    const queue = ring()
    for (let i = 0; i < 100; i++) {
      push(queue, i, -i)
      if (i >= 3) shift(queue)
    }
    expect([queue.size, queue.pairs.length / 2, queue.pairs[at(queue, 0)], queue.pairs[at(queue, 2) + 1]]).toEqual([3, 4, 97, -99])
  })
})

const own = ownSignal({ name: 'own', params: t.unknown, start: () => ({ n: 0 }), next: (state) => ++state.n })
const signals = ownSignals([own.definition])
const on = above('y', 0)

/** Each remembers something of y. */
const remembering: readonly Condition[] = [
  ...[meanOver(5, 'y'), rmsOver(5, 'y'), deviationOver(5, 'y'), minOver(5, 'y'), maxOver(5, 'y'), quantileOver(5, 'y', 0.5), rate(5, 'y'), ewma(5, 'y'), timeTo('y', 1, 5), i2t('y', 2, 5), hours(on), starts(5, on), baseline(5, 'y'), own({}, 'y'),
    machineState({ of: 'y', off: 1, on: 2 })].map((signal) => above(signal, 0)),
  hysteresis('y', { on: 5, off: 2 }), heldFor(5, on), since(on, on), stuck('y', 5), rising('y', 1, 5), followedBy(on, on, 5),
]

test.each(remembering)('what %j remembers is its own', (condition) => {
  const { sensors, add, frame } = judge(Infinity, { signals })
  const [before, between, behind] = [add(hysteresis('x', { on: 5, off: 2 })), add(condition), add(hysteresis('z', { on: 5, off: 2 }))]
  const state = frame('m', 0)
  const truths = [[6, 3], [3, 3], [3, 6], [1, 3]].map(([x, z], now) => {
    for (const [sensor, value] of [['x', x], ['y', 3], ['z', z]] as const) {
      state.values[sensors.get(sensor)!] = value!
      state.times[sensors.get(sensor)!] = now
    }
    for (const each of [before, between, behind]) each.judge(state, now)
    return [before.truth, behind.truth]
  })
  expect(truths).toEqual([[1, 2], [1, 2], [1, 1], [0, 1]])
})

const slow = meanOver(5, 'x')
test.each<readonly [Signal]>([
  [difference(slow, 'x')], [difference('x', slow)], [ratio(slow, 'x')], [ratio('x', slow)], [sum('x', slow)], [product('x', slow)], [absolute(slow)], [scaled(slow, 2)], [clamped(slow, 0, 9)],
  [choice(above('x', 0), slow, 2)], [choice(above('x', 0), 2, slow)], [choice(above(slow, 0), 1, 2)], [timeTo(slow, 5, 3)], [timeTo('x', slow, 9)], [timeTo('x', 9, 5)], [maxOver(9, slow)], [ewma(9, slow)], [i2t(slow, 2, 9)], [quantileOver(9, slow, 0.5)],
])('%j is looked at when what it is made of is known', (signal) => {
  const { sensors, add, frame } = judge(Infinity)
  for (const condition of [above(signal, 1), rising(signal, 1, 9), rising(1, signal, 9), hysteresis(signal, { on: 2, off: 1 })]) {
    const judgement = add(condition)
    const state = frame('m', 0)
    state.values[sensors.get('x')!] = 1
    state.times[sensors.get('x')!] = 0
    judgement.judge(state, 0)
    expect([judgement.wakeAt, judgement.lasting]).toEqual([5, true])
  }
})

test('a value is compared at its limit as it is said', () => {
  const once = (condition: Condition, x: number) => {
    const { sensors, add, frame } = judge(Infinity)
    const judgement = add(condition)
    const state = frame('m', 0)
    state.values[sensors.get('x')!] = x
    state.times[sensors.get('x')!] = 0
    judgement.judge(state, 0)
    return [judgement.truth, judgement.margin]
  }
  expect([once(atOrBelow('x', 5), 5), once(atOrAbove('x', 5), 5), once(atOrBelow('x', 5), 6), once(atOrAbove('x', 5), 4)]).toEqual([[1, 0], [1, 0], [0, -1], [0, -1]])
  expect(once(above('$ratedCurrent', 1), 5)).toEqual([2, NaN])
  expect(once(above(timeTo('x', 5, 10), 0), 5)).toEqual([2, NaN])
  expect(once(above({ op: 'machineState', of: 'x', off: 1, on: 2, starting: 5 }, 0.5), 0)).toEqual([0, -0.5])
  expect(once(above(age('x'), -1), 0)).toEqual([1, 1])
})

/** What is remembered of x, and the value of the signal, after these values, a millisecond apart. */
function after(signal: Signal, values: readonly number[]): { readonly memory: unknown; readonly value: number } {
  const { sensors, add, frame } = judge(Infinity)
  const judgement = add(above(signal, 0))
  const state = frame('m', 0)
  for (const [now, value] of values.entries()) {
    state.values[sensors.get('x')!] = value
    state.times[sensors.get('x')!] = now
    judgement.judge(state, now)
  }
  return { memory: state.memory[0], value: judgement.deciding().value }
}

test('the bins of a quantile go with the last value in them', () => {
  const values = Array.from({ length: 500 }, (_, i) => 2 ** (i % 50))
  expect(after(quantileOver(5, 'x', 0), values)).toMatchObject({ memory: { bins: { length: 5 }, spent: { length: 5 } } })
})

test('large values that have left a window leave nothing behind', () => {
  const values = [0, ...Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 1e12 / 3 : -1e12 / 7)), ...Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 0.5 : 0.25))]
  // Halves and quarters of the time: of 0.5 and 0.25 the mean is 0.375, the mean square 0.15625 and the deviation 0.125.
  expect(after(meanOver(10, 'x'), values).value).toBeCloseTo(0.375, 12)
  expect(after(rmsOver(10, 'x'), values).value).toBeCloseTo(Math.sqrt(0.15625), 12)
  expect(after(deviationOver(10, 'x'), values).value).toBeCloseTo(0.125, 12)
})
