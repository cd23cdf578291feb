import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readSeries, showSeries } from '../../src/testing/index.js'
import type { Series, SeriesReading } from '../../src/testing/index.js'

const good = (value: number): SeriesReading => ({ value, suspect: false })
const bad = (value: number): SeriesReading => ({ value, suspect: true })
const values = (text: string) => readSeries(text).readings.map((place) => place?.value)

describe('readSeries', () => {
  test.each<[string, Series]>([
    ['61', { every: 1000, readings: [good(61)] }],
    ['61 61.5! _ -0.5', { every: 1000, readings: [good(61), bad(61.5), undefined, good(-0.5)] }],
    ['2x61 2x62! 2x_', { every: 1000, readings: [good(61), good(61), bad(62), bad(62), undefined, undefined] }],
    ['3x61+0.5', { every: 1000, readings: [good(61), good(61.5), good(62)] }],
    ['3x61-0.5!', { every: 1000, readings: [bad(61), bad(60.5), bad(60)] }],
    ['5s: 1 2', { every: 5000, readings: [good(1), good(2)] }],
    [' 500ms:1\n2 ', { every: 500, readings: [good(1), good(2)] }],
    ['1e3 1e-7', { every: 1000, readings: [good(1000), good(1e-7)] }],
  ])('%s', (text, series) => {
    expect(readSeries(text)).toEqual(series)
  })

  test('a rate is by the time between readings', () => {
    expect(values('3x61+0.5/s')).toEqual([61, 61.5, 62])
    expect(values('2s: 3x61+30/m')).toEqual([61, 62, 63])
    expect(values('1m: 3x100-60/h')).toEqual([100, 99, 98])
    expect(values('3x0+1/m')).toEqual([0, 0.016666667, 0.033333333])
  })

  test('decimals are those that an engineer counts', () => {
    expect(values('4x0.1+0.1')).toEqual([0.1, 0.2, 0.3, 0.4])
    expect(values('5x-0.3+0.1')).toEqual([-0.3, -0.2, -0.1, 0, 0.1])
  })

  test.each([
    ['', 1, 'a value such as 61'],
    ['5s:', 4, 'a value such as 61'],
    ['61 hot', 4, 'a value such as 61'],
    ['61 +0.5', 4, 'one word'],
    ['61 5x', 6, 'behind the count'],
    ['61 5xa', 6, 'behind the count'],
    ['61 0x61', 4, 'a count from 1'],
    ['61+0.5', 1, 'a count in front'],
    ['5x61+0.5/d', 9, "'/s', '/m' or '/h'"],
    ['61,62', 3, 'a space before the next word'],
    ['61 5s: 62', 4, 'in front of all'],
    ['fast: 61', 1, 'a length of time'],
    ['0s: 61', 1, 'a length of time above 0'],
    ['61 1e999', 4, 'a finite number'],
    ['61 5x_!', 7, 'a space before the next word'],
  ])('%s is wrong at character %i', (text, character, expected) => {
    const message = (() => {
      try {
        readSeries(text)
        return 'nothing'
      } catch (error) {
        return (error as Error).message
      }
    })()
    expect(message).toContain(expected)
    expect(message).toContain(`at character ${character}\n`)
    expect(message.split('\n').at(-1)).toBe(`${' '.repeat(character + 1)}^`)
  })
})

const plain = { noNullPrototype: true }
/** Runs and ramps that touch and overlap, and values of all sizes. */
const place = fc.oneof(
  { weight: 1, arbitrary: fc.constant(undefined) },
  { weight: 6, arbitrary: fc.record({ value: fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: -3, max: 13 }).map((n) => n / 10)), suspect: fc.constant(false) }, plain) },
  { weight: 1, arbitrary: fc.record({ value: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(-0, 1e21, 1e-7, 1_000_000.000001)), suspect: fc.boolean() }, plain) },
)
const piece = fc.oneof(
  fc.array(place, { minLength: 1, maxLength: 3 }),
  fc.tuple(fc.integer({ min: 1, max: 12 }), place).map(([count, each]) => Array<Series['readings'][number]>(count).fill(each)),
  fc.record({ count: fc.integer({ min: 2, max: 12 }), start: fc.integer({ min: -50, max: 50 }), step: fc.integer({ min: -20, max: 20 }), by: fc.constantFrom(1, 10, 1000), suspect: fc.boolean() }, plain)
    .map(({ count, start, step, by, suspect }) => Array.from({ length: count }, (_, i) => ({ value: (start + i * step) / by + 0, suspect }))),
)
const series: fc.Arbitrary<Series> = fc.record({
  every: fc.oneof(fc.constant(1000), fc.integer({ min: 1, max: 100_000_000 }), fc.constantFrom(0.5, 0.25)),
  readings: fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.flat()),
}, plain)

describe('showSeries', () => {
  test.each([
    ['61', '61'],
    ['61 61', '2x61'],
    ['1 1', '1 1'],
    ['61 61 61 61.5 62 62.5 62.5 62.5', '3x61 61.5 62 3x62.5'],
    ['1 2 3', '1 2 3'],
    ['10 20 30', '3x10+10'],
    ['_ _ _ 5 5! 5!', '3x_ 5 2x5!'],
    ['1s: 61', '61'],
    ['60s: 61', '1m: 61'],
  ])('%s is %s', (text, shortest) => {
    expect(showSeries(readSeries(text)).length).toBe(shortest.length)
    expect(readSeries(shortest)).toEqual(readSeries(text))
  })

  test('what is shown reads as what it was', () => {
    fc.assert(fc.property(series, (each) => {
      expect(readSeries(showSeries(each))).toStrictEqual(each)
    }), { numRuns: 2000, seed: 1 })
  })

  test('no text of runs and steps is shorter', () => {
    const few = fc.array(place, { minLength: 1, maxLength: 7 }).map((readings): Series => ({ every: 1000, readings }))
    fc.assert(fc.property(few, (each) => {
      expect(showSeries(each).length).toBe(shortestByTrying(each).length)
    }), { numRuns: 2000, seed: 2 })
  })

  test('a long series takes no time', () => {
    const readings = Array.from({ length: 100_000 }, (_, i) => good(i % 1000 === 0 ? 7 : i / 10))
    expect(readSeries(showSeries({ every: 1000, readings })).readings).toEqual(readings)
  })

  test('refuses what has no text', () => {
    expect(() => showSeries({ every: 1000, readings: [] })).toThrow(RangeError)
    expect(() => showSeries({ every: 1000, readings: [good(NaN)] })).toThrow('NaN is not a finite number')
  })
})

/** Every way to cut it into words, each word as short as it can be. */
function shortestByTrying({ readings }: Series): string {
  const best = (from: number): string => {
    if (from === readings.length) return ''
    const found: string[] = []
    for (let to = from + 1; to <= readings.length; to++)
      for (const word of words(readings.slice(from, to))) {
        const rest = best(to)
        found.push(rest === '' ? word : `${word} ${rest}`)
      }
    return found.reduce((a, b) => (b.length < a.length ? b : a))
  }
  return best(0)
}

function words(part: Series['readings']): readonly string[] {
  const [first, second] = part
  const text = (place: Series['readings'][number]) => (place === undefined ? '_' : `${Object.is(place.value, -0) ? '-0' : place.value}${place.suspect ? '!' : ''}`)
  const candidates = part.length === 1 ? [text(first)] : [`${part.length}x${text(first)}`]
  if (first !== undefined && second !== undefined && part.length > 1) {
    const step = Number((second.value - first.value).toFixed(9))
    if (step !== 0 && !String(step).includes('e')) candidates.push(`${part.length}x${first.value}${step > 0 ? '+' : ''}${step}${first.suspect ? '!' : ''}`)
  }
  return candidates.filter((candidate) => {
    try {
      const { readings } = readSeries(candidate)
      return readings.length === part.length && readings.every((place, i) => Object.is(place?.value, part[i]?.value) && place?.suspect === part[i]?.suspect)
    } catch {
      return false
    }
  })
}
