import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Reading } from '../../src/model/index.js'
import { rateLimit } from '../../src/operators/rate-limit.js'
import { via } from '../../src/operators/via.js'
import { checkLaws } from '../../src/testing/index.js'
import type { OperatorUnderTest } from '../../src/testing/index.js'
import type { Duration } from '../../src/time/index.js'
import { marbles, ordered, outputsOf, second, smallStreams } from './small-streams.js'

const limited = (count: number, per: Duration): OperatorUnderTest<Reading> => (time) => via('reading', rateLimit<Reading>({ count, per, key: 'machine' }, time))

const cases = [smallStreams, fc.integer({ min: 1, max: 4 }), fc.constantFrom(0, 1, 3, 7, Infinity)] as const

describe('rateLimit', () => {
  test.prop([...cases])('lets through while the window behind it has room', (inputs, count, per) => {
    const expected: Reading[] = []
    for (const each of ordered(inputs))
      if (expected.filter(({ machine, time }) => machine === each.machine && each.time - time < per * second).length < count) expected.push(each)
    expect(outputsOf(limited(count, per * second), inputs)).toEqual(expected)
  })

  test.prop([...cases])('no window has more than `count`', (inputs, count, per) => {
    const seen = outputsOf(limited(count, per * second), inputs)
    for (const start of seen)
      expect(seen.filter(({ machine, time }) => machine === start.machine && time >= start.time && time < start.time + per * second).length).toBeLessThanOrEqual(count)
  })

  test.each([[1, '10s'], [3, '1m'], [2, '1ms'], [1, '0s']] as const)('keeps the laws: %s in %s', async (count, per) => {
    expect(Object.values(await checkLaws(limited(count, per)))).toEqual(Array(6).fill('pass'))
  }, 60_000)

  test('the example', () => {
    marbles(({ scheduler, hot, expectObservable }) => {
      expectObservable(hot<string>('ab-c-d-e--|').pipe(rateLimit({ count: 2, per: 5, key: () => '' }, scheduler))).toBe('ab---d-e--|')
    })
  })

  test.each([0, 1.5, NaN, -1])('a count of %s is refused', (count) => expect(() => rateLimit({ count, per: '1s', key: () => '' })).toThrow(/^count: got .*, expected a whole number/))
})
