import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Reading } from '../../src/model/index.js'
import { minimumGap } from '../../src/operators/minimum-gap.js'
import { via } from '../../src/operators/via.js'
import { checkLaws } from '../../src/testing/index.js'
import type { OperatorUnderTest } from '../../src/testing/index.js'
import type { Duration } from '../../src/time/index.js'
import { marbles, ordered, outputsOf, second, smallStreams } from './small-streams.js'

const gapped = (gap: Duration): OperatorUnderTest<Reading> => (time) => via('reading', minimumGap<Reading>(gap, { key: 'series' }, time))

describe('minimumGap', () => {
  test.prop([smallStreams, fc.constantFrom(0, 1, 2, 5, Infinity)])('lets through what is not too near to what it let through', (inputs, gap) => {
    const expected: Reading[] = []
    for (const each of ordered(inputs))
      if (!expected.some(({ machine, sensor, time }) => machine === each.machine && sensor === each.sensor && each.time - time < gap * second)) expected.push(each)
    expect(outputsOf(gapped(gap * second), inputs)).toEqual(expected)
  })

  test.each(['0s', '250ms', '10s'] as const)('keeps the laws with a gap of %s', async (gap) => {
    expect(Object.values(await checkLaws(gapped(gap)))).toEqual(Array(6).fill('pass'))
  }, 60_000)

  test('the example', () => {
    marbles(({ scheduler, hot, expectObservable }) => {
      expectObservable(hot<string>('a-b-c-d--e|').pipe(minimumGap(4, { key: () => '' }, scheduler))).toBe('a---c----e|')
    })
  })
})
