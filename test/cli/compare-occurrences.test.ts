import type { Alarm } from 'motorwatch'
import { describe, expect, test } from 'vitest'
import { compareOccurrences } from '../../src/cli/compare-occurrences.js'
import { occurrences } from '../../src/cli/occurrence.js'
import type { Occurrence } from '../../src/cli/occurrence.js'

const stood = (from: number, to = Infinity, rule = 'hot', machine = 'm'): Occurrence => ({ raised: { time: from, rule, machine } as Alarm, clearedAt: to })
const times = (was: readonly Occurrence[], is: readonly Occurrence[]) => compareOccurrences(was, is).map((each) => [each.was?.raised.time, each.is?.raised.time])

describe('the same alarm', () => {
  test('stood at one time under both', () => {
    expect(times([stood(10, 20)], [stood(5, 12)])).toEqual([[10, 5]])
    expect(times([stood(10)], [stood(500)])).toEqual([[10, 500]])
  })

  test('did not, where they stood one after the other', () => {
    expect(times([stood(10, 20)], [stood(21, 30)])).toEqual([[10, undefined], [undefined, 21]])
  })

  test('of several short ones within a long one the first is it', () => {
    expect(times([stood(10, 12), stood(14, 16), stood(40, 50)], [stood(11, 30), stood(45)])).toEqual([[10, 11], [14, undefined], [40, 45]])
  })

  test('is of one rule and one machine', () => {
    expect(times([stood(10)], [stood(10, 20, 'cold'), stood(10, 20, 'hot', 'n')])).toEqual([[undefined, 10], [10, undefined], [undefined, 10]])
  })

  test('in order of time', () => {
    expect(times([stood(30, 40), stood(20, 25, 'hot', 'z')], [stood(5, 8), stood(35, 38)])).toEqual([[undefined, 5], [20, undefined], [30, 35]])
  })
})

test('an occurrence is from its raise to its clearing or closing; what else happens to it is passed over', () => {
  const alarm = (occurrence: string, state: string, time: number) => ({ occurrence, state, time }) as Alarm
  expect(occurrences([
    alarm('a', 'raised', 1), alarm('a', 'acknowledged', 2), alarm('b', 'raised', 3), alarm('a', 'cleared', 4), alarm('a', 'closed', 5), alarm('c', 'shelved', 6),
  ]).map(({ raised, clearedAt }) => [raised.time, clearedAt])).toEqual([[1, 4], [3, Infinity]])
})
