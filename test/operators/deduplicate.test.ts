import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Reading } from '../../src/model/index.js'
import { deduplicate } from '../../src/operators/deduplicate.js'
import { via } from '../../src/operators/via.js'
import { checkLaws } from '../../src/testing/index.js'
import type { OperatorUnderTest } from '../../src/testing/index.js'
import type { Duration } from '../../src/time/index.js'
import { marbles, ordered, outputsOf, second, smallStreams } from './small-streams.js'

type Same = (a: Reading, b: Reading) => boolean

const deduplicated = (options: { readonly within?: Duration; readonly same?: Same }): OperatorUnderTest<Reading> => (time) =>
  via('reading', deduplicate<Reading>({ key: 'series', ...options }, time))

const sameParity: Same = (a, b) => a.value % 2 === b.value % 2
const sameFields: Same = (a, b) => a.value === b.value && a.quality === b.quality

describe('deduplicate', () => {
  test.prop([smallStreams, fc.constantFrom(0, 1, 4, Infinity), fc.constantFrom(undefined, sameParity)])('drops what equals the last one that was let through', (inputs, within, same) => {
    const expected: Reading[] = []
    for (const each of ordered(inputs)) {
      const last = expected.filter(({ machine, sensor }) => machine === each.machine && sensor === each.sensor).at(-1)
      if (last === undefined || each.time - last.time >= within * second || !(same ?? sameFields)(last, each)) expected.push(each)
    }
    expect(outputsOf(deduplicated({ within: within * second, ...(same && { same }) }), inputs)).toEqual(expected)
  })

  test('keeps the laws', async () => {
    for (const within of [0, '10s', '1h'] as const) expect(Object.values(await checkLaws(deduplicated({ within })))).toEqual(Array(6).fill('pass'))
    expect(Object.values(await checkLaws(deduplicated({}), { exceptions: { eviction: 'without `within`, the last item counts for ever' } }))).toEqual(Array(6).fill('pass'))
  }, 60_000)

  test('the example', () => {
    marbles(({ scheduler, hot, expectObservable }) => {
      expectObservable(hot<string>('1-1-2-1-1---------1-|').pipe(deduplicate({ key: () => '', within: 10 }, scheduler))).toBe('1---2-1-----------1-|')
    })
  })

  const through = (items: readonly unknown[]): readonly unknown[] => {
    const seen: unknown[] = []
    marbles(({ scheduler, hot }) => {
      hot<unknown>('abc', { a: items[0], b: items[1], c: items[1] }).pipe(deduplicate({ key: () => '' }, scheduler)).subscribe((item) => seen.push(item))
      scheduler.flush()
    })
    return seen
  }

  test.each([
    ['NaN equals NaN', { margin: NaN, time: 1 }, { margin: NaN, time: 2 }, true],
    ['0 is not -0', { margin: 0 }, { margin: -0 }, false],
    ['a field that one has not', { value: 1 }, { value: 1, unit: 'A' }, false],
    ['as many fields, with other names', { value: 1, unit: undefined }, { value: 1, quality: undefined }, false],
    ['objects within', { values: {} }, { values: {} }, false],
    ['not objects', 'a', 'a', true],
    ['null', null, {}, false],
  ])('what is equal: %s', (_, first, second, equal) => expect(through([first, second])).toHaveLength(equal ? 1 : 2))
})
