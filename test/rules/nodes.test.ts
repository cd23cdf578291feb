import {
  above, absolute, age, all, any, atLeast, atOrAbove, atOrBelow, baseline, below, choice, difference, during, ewma, followedBy, heldFor, hours, hysteresis, inside, judge, machineState, meanOver, minOver, missing, not, outside, quantileOver,
  ratio, rising, rmsOver, running, scaled, since, starting, starts, stopped, stuck, sum, timeOfDay, timeTo, within,
} from 'motorwatch/rules'
import type { Condition } from 'motorwatch/rules'
import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { wallClock } from '../../src/rules/nodes/clock.js'
import { signalText } from '../../src/rules/text.js'

type Events = readonly (readonly [at: number, values: Readonly<Record<string, number>>])[]
const MARKS = ['no', 'yes', 'unknown']

/** Each moment at which it is judged, as the operators do: when; whether it holds and its margin; the comparison that decides; when it asks to be judged again. */
function trace(condition: Condition, events: Events, until: number, stale = Infinity): readonly string[] {
  const { sensors, add, frame } = judge(stale)
  const judgement = add(condition)
  const state = frame('m', events[0]![0])
  const seen: string[] = []
  for (let now = events[0]![0], next = 0; now <= until;) {
    if (events[next]?.[0] === now) {
      for (const [sensor, value] of Object.entries(events[next]![1])) {
        const index = sensors.get(sensor)
        if (index === undefined) continue
        state.values[index] = value
        state.times[index] = now
      }
      next++
    }
    judgement.judge(state, now)
    const { truth, margin, wakeAt } = judgement
    const { signal, value, limit, since } = judgement.deciding()
    const short = (number: number): string => String(Number(number.toFixed(6)))
    seen.push(`${now}: ${MARKS[truth]!} ${short(margin)}, ${signalText(signal)} ${short(value)} ${short(limit)}${since === undefined ? '' : ` since ${since}`}${wakeAt === Infinity ? '' : `, again at ${wakeAt}`}`)
    now = Math.min(wakeAt, events[next]?.[0] ?? Infinity, ...state.times.map((time) => time + stale).filter((time) => time > now))
  }
  return seen
}
const x = (...pairs: readonly (readonly [number, number])[]): Events => pairs.map(([at, value]) => [at, { x: value }])
const xy = (...t: readonly (readonly [number, number, number])[]): Events => t.map(([at, a, b]) => [at, { x: a, y: b }])
const on = above('x', 0)
const off = above('y', 0)
const HOUR = 3_600_000
const of = { of: 'x', off: 1, on: 2, starting: 5, unless: above('y', 5) } as const
const machine = xy([0, 0, 0], [10, 9, 0], [20, 1.5, 0], [22, 1, 0], [23, 2, 0], [24, 9, 9], [26, 1, 9], [27, 0, 0], [30, NaN, 0], [31, 2, 0], [32, 3, 0], [33, NaN, 0], [34, 9, 0], [36, 1.5, 0])

test.each<readonly [string, Condition, Events, number, number | undefined, readonly string[]]>([
  ['missing: from the first reading of the machine, and from each of the sensor, on', missing('x', 2000), x([0, 1], [1000, 1], [5000, NaN]), 9000, undefined, [
    '0: no -2, age of x 0 2, again at 2000',
    '1000: no -2, age of x 0 2, again at 3000',
    '3000: yes 0, age of x 2 2',
    '5000: no -2, age of x 0 2, again at 7000',
    '7000: yes 0, age of x 2 2',
  ]],
  ['a sensor that is never heard is missing, too', all(missing('x', 2000), missing('y', 1000)), [[0, { z: 1 }], [500, { y: 1 }]], 4000, undefined, [
    '0: no -2, age of x 0 2, again at 1000',
    '500: no -1.5, age of x 0.5 2, again at 1500',
    '1500: no -0.5, age of x 1.5 2, again at 2000',
    '2000: yes 0, age of x 2 2',
  ]],
  ['stuck: changed within the time, the same for that long, or not known for so long', stuck('x', 10), x([0, 1], [4, 1], [5, 2], [7, 2], [18, 3], [30, NaN], [31, 3], [35, 3], [50, 4]), 70, undefined, [
    '0: unknown NaN, x 1 1, again at 10',
    '4: unknown NaN, x 1 1, again at 10',
    '5: no -0.01, x 2 2, again at 15',
    '7: no -0.008, x 2 2, again at 15',
    '15: yes 0, x 2 2',
    '18: no -0.01, x 3 3, again at 28',
    '28: yes 0, x 3 3',
    '30: unknown NaN, x NaN NaN',
    '31: unknown NaN, x 3 3, again at 41',
    '35: unknown NaN, x 3 3, again at 41',
    '41: yes 0, x 3 3',
    '50: no -0.01, x 4 4, again at 60',
    '60: yes 0, x 4 4',
  ]],
  ['rising: what is seen is a rise, also before the window has filled', rising('x', 2, 10), x([0, 1], [5, 2], [6, 4], [20, 3], [25, 5], [40, NaN], [41, 9]), 60, undefined, [
    '0: unknown NaN, x 1 3, again at 10',
    '5: unknown NaN, x 2 3, again at 10',
    '6: yes 1, x 4 3, again at 10',
    '10: yes 1, x 4 3, again at 15',
    '15: no 0, x 4 4, again at 16',
    '16: no -2, x 4 6',
    '20: no -2, x 3 5',
    '25: no 0, x 5 5, again at 35',
    '35: no -2, x 5 7',
    '40: unknown NaN, x NaN 7, again at 50',
    '41: yes 2, x 9 7, again at 50',
    '50: unknown NaN, x 9 11, again at 51',
    '51: no -2, x 9 11',
  ]],
  ['during, over midnight', during('22:00', '02:00', { zone: 'UTC', days: ['thu'], except: ['1970-01-08'] }), [[21 * HOUR, {}]], 27 * HOUR, undefined, [
    '75600000: no -1, time of day in UTC 21 22, again at 77400000',
    '77400000: no -0.5, time of day in UTC 21.5 22, again at 79200000',
    '79200000: yes 0, time of day in UTC 22 2, again at 81000000',
    '81000000: yes 0.5, time of day in UTC 22.5 2, again at 82800000',
    '82800000: yes 1, time of day in UTC 23 2, again at 84600000',
    '84600000: yes 1.5, time of day in UTC 23.5 2, again at 86400000',
    '86400000: yes 2, time of day in UTC 0 2, again at 88200000',
    '88200000: yes 1.5, time of day in UTC 0.5 2, again at 90000000',
    '90000000: yes 1, time of day in UTC 1 2, again at 91800000',
    '91800000: yes 0.5, time of day in UTC 1.5 2, again at 93600000',
    '93600000: no 0, time of day in UTC 2 22, again at 95400000',
    '95400000: no -0.5, time of day in UTC 2.5 22, again at 97200000',
    '97200000: no -1, time of day in UTC 3 22, again at 99000000',
  ]],
  ['time of day, to the millisecond', above(timeOfDay('UTC'), 23.25), [[23 * HOUR, {}]], 24.5 * HOUR, undefined, [
    '82800000: no -0.25, time of day in UTC 23 23.25, again at 83700000',
    '83700000: no 0, time of day in UTC 23.25 23.25, again at 83700001',
    '83700001: yes 0, time of day in UTC 23.25 23.25, again at 84600000',
    '84600000: yes 0.25, time of day in UTC 23.5 23.25, again at 86400000',
    '86400000: no -23.25, time of day in UTC 0 23.25, again at 88200000',
    '88200000: no -22.75, time of day in UTC 0.5 23.25, again at 90000000',
  ]],
  ['since', since(on, off), xy([0, 1, -1], [1, 2, 3], [2, 1, -1], [3, -1, 1], [4, 1, -2], [5, NaN, -2], [6, 1, NaN], [7, 1, 5], [8, NaN, 1], [9, 3, 1], [10, 2, -4], [11, NaN, -1], [12, 2, -1]), 20, undefined, [
    '0: unknown NaN, y -1 0',
    '1: yes 2, y 3 0',
    '2: yes 1, y -1 0',
    '3: no -1, x -1 0',
    '4: no -1, y -2 0',
    '5: no -1, y -2 0',
    '6: unknown NaN, y NaN -Infinity',
    '7: yes 1, y 5 0',
    '8: unknown NaN, y 1 0',
    '9: yes 1, y 1 0',
    '10: yes 1, y -4 0',
    '11: unknown NaN, y -1 0',
    '12: unknown NaN, y -1 0',
  ]],
  ['followedBy', followedBy(on, off, 5), xy([0, 1, -1], [1, -1, -1], [3, -1, 2], [10, -1, 2], [12, 3, 1], [13, 3, -1], [14, NaN, 4], [15, -1, 4], [16, NaN, 4], [17, NaN, -1], [18, NaN, 1], [19, -2, NaN], [20, -2, 3]), 40, undefined, [
    '0: no -1, y -1 0, again at 5',
    '1: no -1, y -1 0, again at 5',
    '3: yes 1, x -1 0, again at 5',
    '5: yes 1, x -1 0, again at 6',
    '6: no -1, x -1 0',
    '10: no -2, x -1 0',
    '12: no -1, x 3 0',
    '13: no -1, y -1 0',
    '14: yes 1, x NaN -Infinity, again at 19',
    '15: yes 1, x -1 0, again at 19',
    '16: yes 1, x NaN -Infinity, again at 19',
    '17: no -1, y -1 0, again at 19',
    '18: yes 1, x NaN -Infinity, again at 19',
    '19: unknown NaN, y NaN -Infinity, again at 23',
    '20: unknown NaN, x -2 0, again at 23',
    '23: no -1, x -2 0',
  ]],
  ['heldFor, and since when', heldFor(5, on), x([0, 1], [3, -1], [4, 2], [12, 1], [13, NaN], [14, 5], [25, NaN], [26, -1]), 40, undefined, [
    '0: unknown NaN, x 1 0 since 0, again at 5',
    '3: no -1, x -1 0',
    '4: no -1, x 2 0 since 4, again at 5',
    '5: no -1, x 2 0 since 4, again at 9',
    '9: yes 2, x 2 0 since 4',
    '12: yes 1, x 1 0 since 4',
    '13: unknown NaN, x NaN -Infinity',
    '14: unknown NaN, x 5 0 since 14, again at 19',
    '19: yes 5, x 5 0 since 14',
    '25: unknown NaN, x NaN -Infinity',
    '26: no -1, x -1 0',
  ]],
  ['within', within(5, on), x([0, -1], [3, 1], [4, -2], [12, -1], [13, NaN], [14, -5], [25, NaN], [26, 1]), 40, undefined, [
    '0: unknown NaN, x -1 0, again at 5',
    '3: yes 1, x 1 0',
    '4: yes 1, x -2 0, again at 5',
    '5: yes 1, x -2 0, again at 9',
    '9: no -2, x -2 0',
    '12: no -1, x -1 0',
    '13: unknown NaN, x NaN -Infinity',
    '14: unknown NaN, x -5 0, again at 19',
    '19: no -5, x -5 0',
    '25: unknown NaN, x NaN -Infinity',
    '26: yes 1, x 1 0',
  ]],
  ['a hold of a hold, and since when', heldFor(3, heldFor(5, on)), x([0, 1], [3, 2], [12, 1]), 30, undefined, [
    '0: unknown NaN, x 1 0 since 0, again at 5',
    '3: unknown NaN, x 2 0 since 0, again at 5',
    '5: unknown NaN, x 2 0 since 5, again at 8',
    '8: yes 1, x 2 0 since 5',
    '12: yes 1, x 1 0 since 5',
  ]],
  ['hysteresis upwards', hysteresis('x', { on: 5, off: 2 }), x([0, 3], [1, 6], [2, 5], [3, 2], [4, 4], [5, 5], [6, 8], [7, NaN], [8, 4]), 10, undefined, [
    '0: unknown NaN, x 3 5',
    '1: yes 4, x 6 2',
    '2: yes 3, x 5 2',
    '3: no -3, x 2 5',
    '4: no -1, x 4 5',
    '5: no 0, x 5 5',
    '6: yes 6, x 8 2',
    '7: unknown NaN, x NaN 5',
    '8: unknown NaN, x 4 5',
  ]],
  ['hysteresis downwards', hysteresis('x', { on: 2, off: 5 }), x([0, 3], [1, 1], [2, 2], [3, 5], [4, 4], [5, 2], [6, 0], [7, NaN], [8, 4]), 10, undefined, [
    '0: unknown NaN, x 3 2',
    '1: yes 4, x 1 5',
    '2: yes 3, x 2 5',
    '3: no -3, x 5 2',
    '4: no -2, x 4 2',
    '5: no 0, x 2 2',
    '6: yes 5, x 0 5',
    '7: unknown NaN, x NaN 2',
    '8: unknown NaN, x 4 2',
  ]],
  ['hysteresis of what grows', hysteresis(age('x'), { on: 2, off: 1 }), x([0, 3], [3500, 4]), 5000, undefined, [
    '0: no -2, age of x 0 2, again at 1000',
    '1000: no -1, age of x 1 2, again at 1001',
    '1001: no -0.999, age of x 1.001 2, again at 2000',
    '2000: no 0, age of x 2 2, again at 2001',
    '2001: yes 1.001, age of x 2.001 1',
    '3500: no -2, age of x 0 2, again at 4500',
    '4500: no -1, age of x 1 2, again at 4501',
    '4501: no -0.999, age of x 1.001 2, again at 5500',
  ]],
  ['outside: the nearer limit decides', outside('x', 1, 5), x([0, 0], [1, 1], [2, 3], [3, 4], [4, 5], [5, 7]), 10, undefined, [
    '0: yes 1, x 0 1',
    '1: no 0, x 1 1',
    '2: no -2, x 3 5',
    '3: no -1, x 4 5',
    '4: no 0, x 5 5',
    '5: yes 2, x 7 5',
  ]],
  ['inside: the nearer limit decides', inside('x', 1, 5), x([0, 0], [1, 1], [2, 3], [3, 4], [4, 5], [5, 7]), 10, undefined, [
    '0: no -1, x 0 1',
    '1: yes 0, x 1 1',
    '2: yes 2, x 3 5',
    '3: yes 1, x 4 5',
    '4: yes 0, x 5 5',
    '5: no -2, x 7 5',
  ]],
  ['the age of a sensor above', above(age('x'), 1.5), x([0, 0], [1000, 1], [4000, 3]), 6000, undefined, [
    '0: no -1.5, age of x 0 1.5, again at 1500',
    '1000: no -1.5, age of x 0 1.5, again at 2500',
    '2500: no 0, age of x 1.5 1.5, again at 2501',
    '2501: yes 0.001, age of x 1.501 1.5',
    '4000: no -1.5, age of x 0 1.5, again at 5500',
    '5500: no 0, age of x 1.5 1.5, again at 5501',
    '5501: yes 0.001, age of x 1.501 1.5',
  ]],
  ['the age of a sensor below', below(age('x'), 1.5), x([0, 0], [1000, 1], [4000, 3]), 6000, undefined, [
    '0: yes 1.5, age of x 0 1.5, again at 1500',
    '1000: yes 1.5, age of x 0 1.5, again at 2500',
    '2500: no 0, age of x 1.5 1.5, again at 2501',
    '2501: no -0.001, age of x 1.501 1.5',
    '4000: yes 1.5, age of x 0 1.5, again at 5500',
    '5500: no 0, age of x 1.5 1.5, again at 5501',
    '5501: no -0.001, age of x 1.501 1.5',
  ]],
  ['the age of a sensor inside', inside(age('x'), 1, 2), x([0, 0], [5000, 1]), 8000, undefined, [
    '0: no -1, age of x 0 1, again at 1000',
    '1000: yes 0, age of x 1 1, again at 1001',
    '1001: yes 0.001, age of x 1.001 1, again at 2000',
    '2000: yes 0, age of x 2 2, again at 2001',
    '2001: no -0.001, age of x 2.001 2',
    '5000: no -1, age of x 0 1, again at 6000',
    '6000: yes 0, age of x 1 1, again at 6001',
    '6001: yes 0.001, age of x 1.001 1, again at 7000',
    '7000: yes 0, age of x 2 2, again at 7001',
    '7001: no -0.001, age of x 2.001 2',
  ]],
  ['what falls, outside', outside(sum(age('x'), scaled(age('x'), -3)), -3, -1), x([0, 0], [5000, 1]), 8000, undefined, [
    '0: yes 1, (age of x) + (-3 * (age of x)) 0 -1, again at 500',
    '500: no 0, (age of x) + (-3 * (age of x)) -1 -1, again at 501',
    '501: no -0.002, (age of x) + (-3 * (age of x)) -1.002 -1, again at 1500',
    '1500: no 0, (age of x) + (-3 * (age of x)) -3 -3, again at 1501',
    '1501: yes 0.002, (age of x) + (-3 * (age of x)) -3.002 -3',
    '5000: yes 1, (age of x) + (-3 * (age of x)) 0 -1, again at 5500',
    '5500: no 0, (age of x) + (-3 * (age of x)) -1 -1, again at 5501',
    '5501: no -0.002, (age of x) + (-3 * (age of x)) -1.002 -1, again at 6500',
    '6500: no 0, (age of x) + (-3 * (age of x)) -3 -3, again at 6501',
    '6501: yes 0.002, (age of x) + (-3 * (age of x)) -3.002 -3',
  ]],
  ['what falls as another grows', above(difference(5, age('x')), 3.5), x([0, 0]), 8000, undefined, [
    '0: yes 1.5, 5 - (age of x) 5 3.5, again at 1500',
    '1500: no 0, 5 - (age of x) 3.5 3.5, again at 1501',
    '1501: no -0.001, 5 - (age of x) 3.499 3.5',
  ]],
  ['what stands still though its parts grow', above(difference(age('x'), age('y')), 1), xy([0, 0, 0], [1000, 1, 1]), 8000, undefined, [
    '0: no -1, (age of x) - (age of y) 0 1',
    '1000: no -1, (age of x) - (age of y) 0 1',
  ]],
  ['a ratio is no straight line', above(ratio(age('x'), 2), 1), xy([0, 0, 0], [1000, 1, 1], [3500, 1, 1]), 8000, undefined, [
    '0: no -1, (age of x) / 2 0 1',
    '1000: no -1, (age of x) / 2 0 1',
    '3500: no -1, (age of x) / 2 0 1',
  ]],
  ['an absolute value is no straight line', above(absolute(age('x')), 1), xy([0, 0, 0], [3500, 1, 1]), 8000, undefined, [
    '0: no -1, |age of x| 0 1',
    '3500: no -1, |age of x| 0 1',
  ]],
  ['a limit that grows', above('x', age('y')), [[0, { x: 2, y: 1 }]], 8000, undefined, [
    '0: yes 2, x 2 0, again at 2000',
    '2000: no 0, x 2 2, again at 2001',
    '2001: no -0.001, x 2 2.001',
  ]],
  ['hours: to the millisecond', above(hours(on), 0.001), x([0, 1], [1000, -1], [2000, 1], [3000, NaN], [4000, 1]), 20000, undefined, [
    '0: no -0.001, hours of x above 0 0 0.001, again at 3601',
    '1000: no -0.000722, hours of x above 0 0.000278 0.001',
    '2000: no -0.000722, hours of x above 0 0.000278 0.001, again at 4600',
    '3000: no -0.000444, hours of x above 0 0.000556 0.001',
    '4000: no -0.000444, hours of x above 0 0.000556 0.001, again at 5600',
    '5600: no 0, hours of x above 0 0.001 0.001, again at 5601',
    '5601: yes 0, hours of x above 0 0.001 0.001',
  ]],
  ['starts', above(starts(20, on), 1), x([0, NaN], [1, 1], [2, -1], [3, 1], [5, -1], [8, 1], [9, NaN], [10, 1], [11, -1]), 60, undefined, [
    '0: unknown NaN, starts of x above 0 over 20ms NaN -Infinity',
    '1: no -1, starts of x above 0 over 20ms 0 1',
    '2: no -1, starts of x above 0 over 20ms 0 1',
    '3: no 0, starts of x above 0 over 20ms 1 1, again at 23',
    '5: no 0, starts of x above 0 over 20ms 1 1, again at 23',
    '8: yes 1, starts of x above 0 over 20ms 2 1, again at 23',
    '9: yes 1, starts of x above 0 over 20ms 2 1, again at 23',
    '10: yes 1, starts of x above 0 over 20ms 2 1, again at 23',
    '11: yes 1, starts of x above 0 over 20ms 2 1, again at 23',
    '23: no 0, starts of x above 0 over 20ms 1 1, again at 28',
    '28: no -1, starts of x above 0 over 20ms 0 1',
  ]],
  ['a choice of what grows', above(choice(on, age('y'), scaled(age('y'), 2)), 3), [[0, { x: 1, y: 1 }], [1000, { x: -1 }], [2000, { x: NaN }], [4000, { y: 1, x: -1 }]], 9000, undefined, [
    '0: no -3, (age of y) if x above 0 else (2 * (age of y)) 0 3, again at 3000',
    '1000: no -1, (age of y) if x above 0 else (2 * (age of y)) 2 3, again at 1500',
    '1500: no 0, (age of y) if x above 0 else (2 * (age of y)) 3 3, again at 1501',
    '1501: yes 0.002, (age of y) if x above 0 else (2 * (age of y)) 3.002 3',
    '2000: unknown NaN, (age of y) if x above 0 else (2 * (age of y)) NaN -Infinity',
    '4000: no -3, (age of y) if x above 0 else (2 * (age of y)) 0 3, again at 5500',
    '5500: no 0, (age of y) if x above 0 else (2 * (age of y)) 3 3, again at 5501',
    '5501: yes 0.002, (age of y) if x above 0 else (2 * (age of y)) 3.002 3',
  ]],
  ['a choice between what is the same', above(choice(heldFor(1000, on), 5, 5), 3), [[0, { x: NaN }], [1000, { x: -1 }], [2000, { x: NaN }], [4000, { x: -1 }]], 9000, undefined, [
    '0: yes 2, 5 if x above 0 for 1s else 5 5 3',
    '1000: yes 2, 5 if x above 0 for 1s else 5 5 3',
    '2000: yes 2, 5 if x above 0 for 1s else 5 5 3, again at 3000',
    '3000: yes 2, 5 if x above 0 for 1s else 5 5 3',
    '4000: yes 2, 5 if x above 0 for 1s else 5 5 3',
  ]],
  ['a value that grows stale', all(on, off), xy([0, 1, 2], [4, 3, 2]), 30, 5, [
    '0: yes 1, x 1 0',
    '4: yes 2, y 2 0',
    '9: unknown NaN, y NaN -Infinity',
  ]],
  ['at least two of three', atLeast(2, on, off, above('z', 0)), [[0, { x: 1 }], [1, { y: 2 }], [2, { z: -1 }], [3, { x: -3 }], [4, { y: NaN }], [5, { x: NaN }], [6, { z: 7 }], [7, { x: 4 }], [8, { y: 5 }], [9, { x: -1, y: NaN, z: -2 }]], 20, undefined, [
    '0: unknown NaN, x 1 0',
    '1: yes 1, x 1 0',
    '2: yes 1, x 1 0',
    '3: no -1, z -1 0',
    '4: no -1, z -1 0',
    '5: unknown NaN, z -1 0',
    '6: unknown NaN, z 7 0',
    '7: yes 4, x 4 0',
    '8: yes 5, y 5 0',
    '9: no -1, x -1 0',
  ]],
  ['any: the largest decides', any(on, off, above('z', 0)), [[0, { x: 1 }], [1, { y: 2 }], [2, { z: -1 }], [3, { x: -3 }], [4, { y: -4 }], [5, { x: NaN }]], 20, undefined, [
    '0: yes 1, x 1 0',
    '1: yes 2, y 2 0',
    '2: yes 2, y 2 0',
    '3: yes 2, y 2 0',
    '4: no -1, z -1 0',
    '5: unknown NaN, z -1 0',
  ]],
  ['all: the smallest decides', all(on, off, above('z', 0)), [[0, { x: 1 }], [1, { y: 2 }], [2, { z: -1 }], [3, { x: -3 }], [4, { z: 4 }], [5, { x: NaN }], [6, { y: -1 }]], 20, undefined, [
    '0: unknown NaN, x 1 0',
    '1: unknown NaN, x 1 0',
    '2: no -1, z -1 0',
    '3: no -3, x -3 0',
    '4: no -3, x -3 0',
    '5: unknown NaN, y 2 0',
    '6: no -1, y -1 0',
  ]],
  ['not', not(heldFor(5, on)), x([0, 1], [7, -1]), 20, undefined, [
    '0: unknown NaN, x 1 0 since 0, again at 5',
    '5: no -1, x 1 0 since 0',
    '7: yes 1, x -1 0',
  ]],
  ['the least value', above(minOver(5, 'x'), 0), x([0, 1], [2, 3], [6, -1], [7, 4]), 20, undefined, [
    '0: unknown NaN, min of x over 5ms NaN -Infinity, again at 5',
    '2: unknown NaN, min of x over 5ms NaN -Infinity, again at 5',
    '5: yes 1, min of x over 5ms 1 0, again at 7',
    '6: no -1, min of x over 5ms -1 0',
    '7: no -1, min of x over 5ms -1 0, again at 12',
    '12: yes 4, min of x over 5ms 4 0',
  ]],
  ['a mean', above(meanOver(5, 'x'), 0), x([0, 1], [2, 3], [6, -5], [12, 4]), 30, undefined, [
    '0: unknown NaN, mean of x over 5ms NaN -Infinity, again at 5',
    '2: unknown NaN, mean of x over 5ms NaN -Infinity, again at 5',
    '5: yes 2.2, mean of x over 5ms 2.2 0, again at 7',
    '6: yes 2.6, mean of x over 5ms 2.6 0, again at 7',
    '7: yes 1.4, mean of x over 5ms 1.4 0, again at 8',
    '8: no -0.2, mean of x over 5ms -0.2 0, again at 11',
    '11: no -5, mean of x over 5ms -5 0',
    '12: no -5, mean of x over 5ms -5 0, again at 15',
    '15: yes 0.4, mean of x over 5ms 0.4 0, again at 17',
    '17: yes 4, mean of x over 5ms 4 0',
  ]],
  ['running', running(of), machine, 60, undefined, [
    '0: no -1.5, machine state 0 2',
    '10: no -0.5, machine state 1 2, again at 15',
    '15: yes 0.5, machine state 2 2',
    '20: yes 0.5, machine state 2 2',
    '22: no -1.5, machine state 0 2',
    '23: no -1.5, machine state 0 2',
    '24: no -0.5, machine state 1 2, again at 29',
    '26: unknown NaN, machine state NaN 2',
    '27: no -1.5, machine state 0 2',
    '30: unknown NaN, machine state NaN 2',
    '31: unknown NaN, machine state NaN 2',
    '32: unknown NaN, machine state NaN 2, again at 37',
    '33: unknown NaN, machine state NaN 2',
    '34: unknown NaN, machine state NaN 2, again at 39',
    '36: unknown NaN, machine state NaN 2, again at 39',
    '39: yes 0.5, machine state 2 2',
  ]],
  ['starting', starting(of), machine, 60, undefined, [
    '0: no -0.5, machine state 0 1',
    '10: yes 0.5, machine state 1 1, again at 15',
    '15: no -0.5, machine state 2 1',
    '20: no -0.5, machine state 2 1',
    '22: no -0.5, machine state 0 1',
    '23: no -0.5, machine state 0 1',
    '24: yes 0.5, machine state 1 1, again at 29',
    '26: unknown NaN, machine state NaN 1',
    '27: no -0.5, machine state 0 1',
    '30: unknown NaN, machine state NaN 1',
    '31: unknown NaN, machine state NaN 1',
    '32: unknown NaN, machine state NaN 1, again at 37',
    '33: unknown NaN, machine state NaN 1',
    '34: unknown NaN, machine state NaN 1, again at 39',
    '36: unknown NaN, machine state NaN 1, again at 39',
    '39: no -0.5, machine state 2 1',
  ]],
  ['stopped', stopped(of), machine, 60, undefined, [
    '0: yes 0.5, machine state 0 0',
    '10: no -0.5, machine state 1 0, again at 15',
    '15: no -1.5, machine state 2 0',
    '20: no -1.5, machine state 2 0',
    '22: yes 0.5, machine state 0 0',
    '23: yes 0.5, machine state 0 0',
    '24: no -0.5, machine state 1 0, again at 29',
    '26: unknown NaN, machine state NaN 0',
    '27: yes 0.5, machine state 0 0',
    '30: unknown NaN, machine state NaN 0',
    '31: unknown NaN, machine state NaN 0',
    '32: unknown NaN, machine state NaN 0, again at 37',
    '33: unknown NaN, machine state NaN 0',
    '34: unknown NaN, machine state NaN 0, again at 39',
    '36: unknown NaN, machine state NaN 0, again at 39',
    '39: no -1.5, machine state 2 0',
  ]],
  ['the state of a machine as a number', above(machineState(of), 0.5), machine, 60, undefined, [
    '0: no -0.5, machine state 0 0.5',
    '10: yes 0.5, machine state 1 0.5, again at 15',
    '15: yes 1.5, machine state 2 0.5',
    '20: yes 1.5, machine state 2 0.5',
    '22: no -0.5, machine state 0 0.5',
    '23: no -0.5, machine state 0 0.5',
    '24: yes 0.5, machine state 1 0.5, again at 29',
    '26: unknown NaN, machine state NaN -Infinity',
    '27: no -0.5, machine state 0 0.5',
    '30: unknown NaN, machine state NaN -Infinity',
    '31: unknown NaN, machine state NaN -Infinity',
    '32: unknown NaN, machine state NaN -Infinity, again at 37',
    '33: unknown NaN, machine state NaN -Infinity',
    '34: unknown NaN, machine state NaN -Infinity, again at 39',
    '36: unknown NaN, machine state NaN -Infinity, again at 39',
    '39: yes 1.5, machine state 2 0.5',
  ]],
])('%s', (_name, condition, events, until, stale, expected) => {
  expect(trace(condition, events, until, stale)).toEqual(expected)
})

const still = (value: number): Events => x([0, value])
const berlin = Date.UTC(2026, 2, 29)
/** Where a node remembers more, is unknown in part, or is part of another. */
test.each<readonly [string, Condition, Events, number, readonly string[]]>([
  ['a hold of more values than its window has room for at first', heldFor(10, on), x([0, 1], [1, 2], [2, 3], [3, 4], [4, 5], [5, 6], [11, 7], [14, 8]), 30, [
    '0: unknown NaN, x 1 0 since 0, again at 10',
    '1: unknown NaN, x 2 0 since 0, again at 10',
    '2: unknown NaN, x 3 0 since 0, again at 10',
    '3: unknown NaN, x 4 0 since 0, again at 10',
    '4: unknown NaN, x 5 0 since 0, again at 10',
    '5: unknown NaN, x 6 0 since 0, again at 10',
    '10: yes 1, x 6 0 since 0',
    '11: yes 2, x 7 0 since 0',
    '14: yes 5, x 8 0 since 0',
  ]],
  ['since: known from the first moment on', since(on, off), xy([0, 9, 3], [1, 2, -1]), 10, [
    '0: yes 3, y 3 0',
    '1: yes 2, y -1 0',
  ]],
  ['since: what is false is so whatever came before', since(on, off), xy([0, -1, NaN]), 10, [
    '0: no -1, x -1 0',
  ]],
  ['since: what was before something unknown is forgotten', since(on, off), xy([0, 20, 10], [1, NaN, 1], [2, 20, -1], [3, 20, 1]), 10, [
    '0: yes 10, y 10 0',
    '1: unknown NaN, y 1 0',
    '2: unknown NaN, y -1 0',
    '3: yes 1, y 1 0',
  ]],
  ['since: what is not known yet is remembered', since(on, off), xy([0, 20, -1], [1, 20, -5], [2, -0.5, -5]), 10, [
    '0: unknown NaN, y -1 0',
    '1: unknown NaN, y -5 0',
    '2: no -1, x -0.5 0',
  ]],
  ['since: what is known to be over is not forgotten for something unknown', since(on, off), xy([0, 1, -1], [1, -1, -1], [2, NaN, -2], [3, 1, -5]), 10, [
    '0: unknown NaN, y -1 0',
    '1: no -1, x -1 0',
    '2: no -1, y -2 0',
    '3: no -1, y -5 0',
  ]],
  ['since: looked at again when either is', since(above(age('x'), 1), above(age('y'), 2)), xy([0, 1, 1]), 3000, [
    '0: no -2, age of x 0 1, again at 1000',
    '1000: no -1, age of x 1 1, again at 1001',
    '1001: no -0.999, age of y 1.001 2, again at 2000',
    '2000: no 0, age of y 2 2, again at 2001',
    '2001: yes 0.001, age of y 2.001 2',
  ]],
  ['since: looked at again when the margin of either changes', since(heldFor(5, on), heldFor(7, off)), [[0, { x: 1, y: 1 }], [1, { x: 3 }], [2, { y: 4 }]], 20, [
    '0: unknown NaN, y 1 0 since 0, again at 5',
    '1: unknown NaN, y 1 0 since 0, again at 5',
    '2: unknown NaN, y 4 0 since 0, again at 5',
    '5: unknown NaN, y 4 0 since 0, again at 6',
    '6: unknown NaN, y 4 0 since 0, again at 7',
    '7: yes 1, y 4 0 since 0, again at 9',
    '9: yes 3, y 4 0 since 0',
  ]],
  ['followedBy: what is known not to be first, though then is unknown', followedBy(on, off, 5), xy([0, -3, NaN], [6, -9, 2]), 6, [
    '0: unknown NaN, y NaN -Infinity, again at 5',
    '5: no -3, y NaN -Infinity',
    '6: no -3, x -9 0',
  ]],
  ['followedBy: not, whatever then is', followedBy(on, off, 5), xy([0, -3, 1], [6, -3, NaN]), 6, [
    '0: unknown NaN, x -3 0, again at 5',
    '5: no -3, x -3 0',
    '6: no -3, y NaN -Infinity',
  ]],
  ['followedBy: not, whatever was first', followedBy(on, off, 5), xy([0, NaN, -1], [1, NaN, -2]), 6, [
    '0: no -1, y -1 0, again at 5',
    '1: no -2, y -2 0, again at 6',
    '6: no -2, y -2 0, again at 11',
  ]],
  ['followedBy: looked at again when the margin of either changes', followedBy(heldFor(5, on), heldFor(7, off), 20), [[0, { x: 1, y: 1 }], [1, { x: 3 }], [2, { y: 4 }]], 12, [
    '0: unknown NaN, y 1 0 since 0, again at 5',
    '1: unknown NaN, y 1 0 since 0, again at 5',
    '2: unknown NaN, y 4 0 since 0, again at 5',
    '5: unknown NaN, y 4 0 since 0, again at 6',
    '6: unknown NaN, y 4 0 since 0, again at 7',
    '7: unknown NaN, x 3 0 since 0, again at 9',
    '9: unknown NaN, x 3 0 since 0, again at 27',
  ]],
  ['stuck: nothing to wait for while the value is unknown', stuck('x', 10), x([0, 1], [5, 2], [6, NaN], [7, 2]), 30, [
    '0: unknown NaN, x 1 1, again at 10',
    '5: no -0.01, x 2 2, again at 15',
    '6: unknown NaN, x NaN NaN',
    '7: no -0.008, x 2 2, again at 15',
    '15: unknown NaN, x 2 2, again at 17',
    '17: yes 0, x 2 2',
  ]],
  ['rising by what is not known', rising('x', 'y', 10), xy([0, 1, NaN], [12, 5, NaN]), 20, [
    '0: unknown NaN, x 1 NaN, again at 10',
    '10: unknown NaN, x 1 NaN',
    '12: unknown NaN, x 5 NaN, again at 22',
  ]],
  ['rising, known by and by', rising('x', 'y', 10), xy([0, 1, 2], [12, 5, NaN], [13, 5, 1]), 20, [
    '0: unknown NaN, x 1 3, again at 10',
    '10: no -2, x 1 3',
    '12: unknown NaN, x 5 NaN, again at 22',
    '13: yes 3, x 5 2, again at 22',
  ]],
  ['during: the next span is tomorrow', during('01:00', '02:00', { zone: 'UTC' }), [[23.25 * HOUR, {}]], 24 * HOUR, [
    '83700000: no -1.75, time of day in UTC 23.25 1, again at 84600000',
    '84600000: no -1.5, time of day in UTC 23.5 1, again at 86400000',
    '86400000: no -1, time of day in UTC 0 1, again at 88200000',
  ]],
  ['during: a span from between half hours', during('06:10', '06:20', { zone: 'UTC' }), [[6 * HOUR, {}]], 6.5 * HOUR, [
    '21600000: no -0.166667, time of day in UTC 6 6.166667, again at 22200000',
    '22200000: yes 0, time of day in UTC 6.166667 6.333333, again at 23400000',
    '23400000: no -0.166667, time of day in UTC 6.5 6.166667, again at 24000000',
  ]],
  ['time of day as the clocks are put forward', above(timeOfDay('Europe/Berlin'), 1.75), [[berlin + 0.5 * HOUR, {}]], berlin + 1.5 * HOUR, [
    '1774744200000: no -0.25, time of day in Europe/Berlin 1.5 1.75, again at 1774745100000',
    '1774745100000: no 0, time of day in Europe/Berlin 1.75 1.75, again at 1774745100001',
    '1774745100001: yes 0, time of day in Europe/Berlin 1.75 1.75, again at 1774746000000',
    '1774746000000: yes 1.25, time of day in Europe/Berlin 3 1.75, again at 1774747800000',
    '1774747800000: yes 1.75, time of day in Europe/Berlin 3.5 1.75, again at 1774749600000',
  ]],
  ['a baseline waits for what is known', above(baseline(10, 'x'), 0), x([0, 1], [4, NaN], [20, 2], [30, 9]), 40, [
    '0: unknown NaN, baseline of x over 10ms NaN -Infinity, again at 10',
    '4: unknown NaN, baseline of x over 10ms NaN -Infinity',
    '20: unknown NaN, baseline of x over 10ms NaN -Infinity, again at 26',
    '26: yes 1.6, baseline of x over 10ms 1.6 0',
    '30: yes 1.6, baseline of x over 10ms 1.6 0',
  ]],
  ['a baseline of when something holds, looked at again when that is', above(baseline(10, 'x', heldFor(5, on)), 0), x([0, 4]), 40, [
    '0: unknown NaN, baseline of x over 10ms while x above 0 for 5ms NaN -Infinity, again at 5',
    '5: unknown NaN, baseline of x over 10ms while x above 0 for 5ms NaN -Infinity, again at 15',
    '15: yes 4, baseline of x over 10ms while x above 0 for 5ms 4 0',
  ]],
  ['running, from the first reading on', above({ op: 'machineState', of: 'x', off: 1, on: 2, starting: 5 }, 1.5), x([0, 9]), 10, [
    '0: unknown NaN, machine state NaN -Infinity, again at 5',
    '5: yes 0.5, machine state 2 1.5',
  ]],
  ['running, limits unknown', running({ of: 'x', off: 'y', on: 'z', starting: 5 }), [[0, { x: 0, y: 1, z: 2 }], [1, { x: 9 }], [7, { x: 1.5, y: NaN }], [8, { y: 1, x: 9 }], [14, { x: 1.5, z: NaN }], [15, { z: 2 }]], 20, [
    '0: no -1.5, machine state 0 2',
    '1: no -0.5, machine state 1 2, again at 6',
    '6: yes 0.5, machine state 2 2',
    '7: unknown NaN, machine state NaN 2',
    '8: unknown NaN, machine state NaN 2, again at 13',
    '13: yes 0.5, machine state 2 2',
    '14: unknown NaN, machine state NaN 2',
    '15: unknown NaN, machine state NaN 2',
  ]],
  ['stopped, unless something has held', stopped({ ...of, unless: heldFor(5, above('y', 5)) }), xy([0, 0, 9]), 10, [
    '0: yes 0.5, machine state 0 0, again at 5',
    '5: unknown NaN, machine state NaN 0',
  ]],
  ['below a limit that grows', below('x', age('y')), [[0, { x: 2, y: 1 }]], 3000, [
    '0: no -2, x 2 0, again at 2000',
    '2000: no 0, x 2 2, again at 2001',
    '2001: yes 0.001, x 2 2.001',
  ]],
  ['time to a limit that is reached and stays', atOrBelow(timeTo('x', 5, 10), 0), still(5), 20, [
    '0: unknown NaN, time of x to 5 on the trend of 10ms NaN 0, again at 10',
    '10: yes 0, time of x to 5 on the trend of 10ms 0 0',
  ]],
  ['the mean of what grows is no straight line', above(meanOver(5, age('x')), 1), still(1), 10, [
    '0: unknown NaN, mean of (age of x) over 5ms NaN -Infinity, again at 5',
    '5: no -1, mean of (age of x) over 5ms 0 1, again at 10',
    '10: no -0.995, mean of (age of x) over 5ms 0.005 1, again at 15',
  ]],
  ['the mean of a ratio that stands still is one', above(meanOver(5, ratio(minOver(1, 'x'), 2)), 1), x([0, 1], [10, 4]), 20, [
    '0: unknown NaN, mean of ((min of x over 1ms) / 2) over 5ms NaN -Infinity, again at 1',
    '1: unknown NaN, mean of ((min of x over 1ms) / 2) over 5ms NaN -Infinity, again at 6',
    '6: no -0.5, mean of ((min of x over 1ms) / 2) over 5ms 0.5 1',
    '10: no -0.5, mean of ((min of x over 1ms) / 2) over 5ms 0.5 1, again at 11',
    '11: no -0.5, mean of ((min of x over 1ms) / 2) over 5ms 0.5 1, again at 13',
    '13: yes 0.1, mean of ((min of x over 1ms) / 2) over 5ms 1.1 1, again at 16',
    '16: yes 1, mean of ((min of x over 1ms) / 2) over 5ms 2 1',
  ]],
  ['an RMS is no straight line', above(rmsOver(5, 'x'), 1.5), x([0, 1], [10, 2]), 20, [
    '0: unknown NaN, RMS of x over 5ms NaN -Infinity, again at 5',
    '5: no -0.5, RMS of x over 5ms 1 1.5',
    '10: no -0.5, RMS of x over 5ms 1 1.5, again at 15',
    '15: yes 0.5, RMS of x over 5ms 2 1.5',
  ]],
  ['the mean of an RMS is one once that stands still', above(meanOver(9, rmsOver(2, 'x')), 2), x([0, 0], [20, 4]), 40, [
    '0: unknown NaN, mean of (RMS of x over 2ms) over 9ms NaN -Infinity, again at 2',
    '2: unknown NaN, mean of (RMS of x over 2ms) over 9ms NaN -Infinity, again at 11',
    '11: no -2, mean of (RMS of x over 2ms) over 9ms 0 2',
    '20: no -2, mean of (RMS of x over 2ms) over 9ms 0 2, again at 22',
    '22: no -2, mean of (RMS of x over 2ms) over 9ms 0 2, again at 27',
    '27: yes 0.222222, mean of (RMS of x over 2ms) over 9ms 2.222222 2, again at 31',
    '31: yes 2, mean of (RMS of x over 2ms) over 9ms 4 2',
  ]],
  ['the mean of a quantile is one once that stands still', above(meanOver(9, quantileOver(2, 'x', 1)), 2), x([0, 0], [20, 4]), 40, [
    '0: unknown NaN, mean of (quantile 1 of x over 2ms) over 9ms NaN -Infinity, again at 2',
    '2: unknown NaN, mean of (quantile 1 of x over 2ms) over 9ms NaN -Infinity, again at 11',
    '11: no -2, mean of (quantile 1 of x over 2ms) over 9ms 0 2',
    '20: no -2, mean of (quantile 1 of x over 2ms) over 9ms 0 2, again at 22',
    '22: no -2, mean of (quantile 1 of x over 2ms) over 9ms 0 2, again at 27',
    '27: yes 0.224728, mean of (quantile 1 of x over 2ms) over 9ms 2.224728 2, again at 31',
    '31: yes 2.00451, mean of (quantile 1 of x over 2ms) over 9ms 4.00451 2',
  ]],
  ['the mean of a smoothed value is no straight line', above(meanOver(5, ewma(9, 'x')), 1.5), x([0, 1], [10, 4], [12, 4]), 30, [
    '0: unknown NaN, mean of (EWMA of x over 9ms) over 5ms NaN -Infinity, again at 5',
    '5: no -0.5, mean of (EWMA of x over 9ms) over 5ms 1 1.5',
    '10: no -0.5, mean of (EWMA of x over 9ms) over 5ms 1 1.5',
    '12: no -0.5, mean of (EWMA of x over 9ms) over 5ms 1 1.5, again at 17',
    '17: yes 0.097788, mean of (EWMA of x over 9ms) over 5ms 1.597788 1.5, again at 22',
    '22: yes 1.121723, mean of (EWMA of x over 9ms) over 5ms 2.621723 1.5, again at 27',
    '27: yes 1.709209, mean of (EWMA of x over 9ms) over 5ms 3.209209 1.5, again at 32',
  ]],
  ['a quantile forgets what was before something unknown', above(quantileOver(10, 'x', 1), 50), x([0, 100], [8, 1], [9, NaN], [10, 5]), 30, [
    '0: unknown NaN, quantile 1 of x over 10ms NaN -Infinity, again at 10',
    '8: unknown NaN, quantile 1 of x over 10ms NaN -Infinity, again at 10',
    '9: unknown NaN, quantile 1 of x over 10ms NaN -Infinity',
    '10: unknown NaN, quantile 1 of x over 10ms NaN -Infinity, again at 20',
    '20: no -45.010037, quantile 1 of x over 10ms 4.989963 50',
  ]],
  ['a mean of one value is that value', atOrAbove(meanOver(5, 'x'), 0.1), x([0, 0.3], [10, 0.1]), 15, [
    '0: unknown NaN, mean of x over 5ms NaN -Infinity, again at 5',
    '5: yes 0.2, mean of x over 5ms 0.3 0.1',
    '10: yes 0.2, mean of x over 5ms 0.3 0.1, again at 15',
    '15: yes 0, mean of x over 5ms 0.1 0.1',
  ]],
])('%s', (_name, condition, events, until, expected) => {
  expect(trace(condition, events, until)).toEqual(expected)
})

test('is explained by its parts, and where it has none by its comparison', () => {
  const { sensors, add, frame } = judge(Infinity)
  const judgement = add(all(heldFor(5, on), not(off), running(of)))
  const state = frame('m', 0)
  for (const [now, a] of [[0, 1], [6, 2]] as const) {
    state.values[sensors.get('x')!] = a
    state.values[sensors.get('y')!] = NaN
    state.times.fill(now)
    judgement.judge(state, now)
  }
  expect(judgement.explain()).toStrictEqual({
    condition: 'x above 0 for 5ms and not (y above 0) and running', truth: false, margin: -1.5,
    parts: [
      { condition: 'x above 0 for 5ms', truth: true, margin: 1, since: 0, parts: [{ condition: 'x above 0', truth: true, margin: 2, value: 2, limit: 0 }] },
      { condition: 'not (y above 0)', truth: 'unknown', margin: NaN, parts: [{ condition: 'y above 0', truth: 'unknown', margin: NaN, value: NaN, limit: -Infinity }] },
      { condition: 'running', truth: false, margin: -1.5, value: 0, limit: 2 },
    ],
  })
})

test.each<readonly [Condition, readonly string[]]>([
  [since(on, off), ['x above 0', 'y above 0']], [followedBy(on, off, 5), ['x above 0', 'y above 0']], [within(5, on), ['x above 0']], [any(on, off), ['x above 0', 'y above 0']],
  [on, []], [hysteresis('x', { on: 2, off: 1 }), []], [missing('x', 5), []], [stuck('x', 5), []], [rising('x', 1, 5), []], [stopped(), []], [during('06:00', '07:00', { zone: 'UTC' }), []],
])('%j is explained by %j', (condition, parts) => {
  const { add, frame } = judge(Infinity)
  const judgement = add(condition)
  judgement.judge(frame('m', 0), 0)
  const told = judgement.explain()
  expect((told.parts ?? []).map((part) => part.condition)).toEqual(parts)
  expect('value' in told && 'limit' in told).toBe(parts.length === 0)
})

test.prop([fc.integer({ min: -1e4, max: 3e4 }), fc.subarray(['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const, { minLength: 1 })])('a span of weekdays is on those days', (day, days) => {
  const { add, frame } = judge(Infinity)
  const judgement = add(during('06:00', '18:00', { zone: 'UTC', days }))
  const noon = (day * 24 + 12) * HOUR
  judgement.judge(frame('m', noon), noon)
  const of = (['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const)[new Date(noon).getUTCDay()]!
  expect(judgement.truth === 1).toBe(days.includes(of))
})

const zones = ['Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kolkata', 'America/St_Johns'] as const
/** Clocks are put forward and back on these days, on whole and on half hours. */
const changes = [Date.UTC(2026, 2, 29, 1), Date.UTC(2026, 9, 25, 1), Date.UTC(2026, 3, 4, 15), Date.UTC(2026, 9, 3, 15, 30), Date.UTC(2026, 2, 8, 5, 30)]
const moment = fc.tuple(fc.constantFrom(...changes), fc.oneof(fc.integer({ min: -4, max: 4 }).map((n) => (n * HOUR) / 2), fc.integer({ min: -2 * HOUR, max: 2 * HOUR }))).map(([change, off]) => change + off)
test.prop([fc.constantFrom(...zones), fc.array(moment, { minLength: 1, maxLength: 8 })])('the wall clock is that of the zone, in whichever order moments are asked for', (zone, moments) => {
  const clock = wallClock(zone)
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  for (const now of moments) expect(new Date(clock(now)).toISOString().slice(0, 19)).toBe(format.format(now).replace(' ', 'T'))
})

/** What need not be judged whenever a value comes, and what needs to hear of every reading, or remembers for ever. */
test.each<readonly [Condition, lasting: boolean, hearsAll: boolean, remembers: boolean]>([
  [on, false, false, false],
  [above(difference('x', absolute('y')), scaled('z', 2)), false, false, false],
  [all(on, not(off)), false, false, false],
  [any(on, heldFor(5, off)), true, false, false],
  [heldFor(0, on), false, false, false],
  [above('x', minOver(5, 'y')), true, false, false],
  [above(choice(on, 1, 2), 1), true, false, false],
  [hysteresis('x', { on: 2, off: 1 }), true, false, false],
  [stuck('x', 5), true, false, false],
  [rising('x', 1, 5), true, false, false],
  [followedBy(on, off, 5), true, false, false],
  [running(), true, false, false],
  [during('06:00', '07:00', { zone: 'UTC' }), false, false, false],
  [above(timeOfDay('UTC'), 5), false, false, false],
  [since(on, off), true, false, true],
  [above(hours(on), 1), true, false, true],
  [above(starts(5, on), 1), true, false, true],
  [missing('x', 5), true, true, true],
  [above(age('x'), 5), false, true, true],
  [above(sum(age('x'), 1), 5), false, true, true],
])('%j: looks back %s, hears all %s, remembers %s', (condition, lasting, hearsAll, remembers) => {
  const judging = judge(Infinity)
  const judgement = judging.add(condition)
  expect([judgement.lasting, judging.hearsAll, judging.remembers]).toEqual([lasting, hearsAll, remembers])
})
