import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { lineOf, nanosecondsOf } from '../../../src/sinks/influx/line.js'
import { noInstant, ordinals } from '../../../src/sinks/influx/ordinals.js'
import type { Point } from '../../../src/sinks/influx.js'
import { parseLine } from './line-protocol.js'

const nasty = fc.string({ unit: fc.oneof({ weight: 3, arbitrary: fc.constantFrom('\\', ',', '=', ' ', '"', '\n', '\r', '\t', '#', '\0') }, fc.constantFrom('a', 'B', '7', 'é', '€', '🚨')), maxLength: 8 })
const name = nasty.filter(text => text !== '')
const number = fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, 1e21, 1e-7, 5e-324, Number.MAX_VALUE, 42), fc.integer())
const time = fc.oneof(fc.integer({ min: 31_536_000_000, max: 4_102_444_800_000 }), fc.double({ min: -9_223_372_036_854, max: 9_223_372_036_853, noNaN: true }))
const point: fc.Arbitrary<Point> = fc.record({
  measurement: name,
  tags: fc.dictionary(name, fc.option(nasty, { nil: undefined }), { maxKeys: 4 }),
  fields: fc.dictionary(name, fc.oneof(number, nasty, fc.boolean(), fc.constant(undefined)), { maxKeys: 4 }),
  time,
})

/** What a name or tag is read as: from its end on, a backslash is unsafe at the end, before what may be escaped, and before an unsafe one. */
const shown = (text: string): string => {
  const chars = [...text].map(char => char < ' ' ? String.fromCodePoint(0x2400 + char.codePointAt(0)!) : char)
  for (let i = chars.length - 1; i >= 0; i--) if (chars[i] === '\\' && (i === chars.length - 1 || [',', '=', ' ', '"', '＼'].includes(chars[i + 1]!))) chars[i] = '＼'
  return chars.join('')
}
const byName = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> => Object.fromEntries(entries.map(([key, value]) => [shown(key), value]))

const distinct = (record: object): boolean => new Set(Object.keys(record).map(shown)).size === Object.keys(record).length

describe('line protocol', () => {
  test.prop([point, fc.integer({ min: 0, max: 999_999 })], { numRuns: 2_000 })('InfluxDB reads the names, values and time that were written, whichever way it looks for ends', (point, ordinal) => {
    fc.pre(distinct(point.tags) && distinct(point.fields))
    const kept = Object.entries(point.fields).filter(([, value]) => value !== undefined && (typeof value !== 'number' || Number.isFinite(value)))
    const { series, fields } = lineOf(point)
    if (kept.length === 0) {
      expect(fields).toBe('')
      return
    }
    const line = `${series} ${fields} ${nanosecondsOf(point.time, ordinal)}`
    const read = parseLine(line, 'pair')
    expect(parseLine(line, 'before')).toEqual(read)
    expect(read.measurement).toBe(shown(point.measurement).replace(/^#/, '＃'))
    expect(read.tags).toEqual(byName(Object.entries(point.tags).filter(([, value]) => value !== undefined && value !== '').map(([key, value]) => [key, shown(value!)])))
    expect(read.fields).toEqual(byName(kept.map(([key, value]) => [key, Object.is(value, -0) ? 0 : value])))
  })

  test.prop([time])('a time is within half a nanosecond of the decimals that print it', (time) => {
    const digits = BigInt(nanosecondsOf(time)!)
    const [, sign, whole, decimals = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(time.toFixed(20))!
    const exact = BigInt(`${sign}${whole}${decimals.padEnd(20, '0')}`) // of 1e-20 ms
    const off = digits * 10n ** 14n - exact
    // the decimals that print a double lie within half a unit of its last place
    const tolerance = 5n * 10n ** 13n + BigInt(Math.ceil(Math.abs(time) * 2 ** -53 * 1e6)) * 10n ** 14n
    expect(off < 0n ? -off : off).toBeLessThanOrEqual(tolerance)
  })

  test.each([
    [1_766_059_200_000, 0, '1766059200000000000'],
    [1_766_059_200_000.5, 2, '1766059200000500002'],
    [1_766_059_200_000.123, 0, '1766059200000123000'],
    [1_766_059_200_000, 1_000_000, '1766059200001000000'],
    [0, 7, '7'],
    [-1.5, 0, '-1500000'],
    [-1, 1, '-999999'],
    [0.000_000_4, 0, '0'],
  ])('%d ms and %d is %s ns', (time, ordinal, expected) => {
    expect(nanosecondsOf(time, ordinal)).toBe(expected)
  })

  test.each([NaN, Infinity, -Infinity, 9_223_372_036_854, -9_223_372_036_855, 253_402_300_799_999])('%d ms is no time of InfluxDB', (time) => {
    expect(nanosecondsOf(time)).toBeUndefined()
  })

  test.each([
    ['M1\\', 'm,a=M1＼ f=1'],
    ['a\\b', 'm,a=a\\b f=1'],
    ['a\\,b', 'm,a=a＼\\,b f=1'],
    ['a, b=c', 'm,a=a\\,\\ b\\=c f=1'],
    ['two\nlines', 'm,a=two␊lines f=1'],
    ['"', 'm,a=" f=1'],
    ['', 'm f=1'],
  ])('the tag %j', (tag, expected) => {
    const { series, fields } = lineOf({ measurement: 'm', tags: { a: tag }, fields: { f: 1 }, time: 0 })
    expect(`${series} ${fields}`).toBe(expected)
  })

  test('the same point is the same text, however it was put together', () => {
    const one = lineOf({ measurement: 'm', tags: { b: '2', a: '1' }, fields: { y: true, x: 'a "b" \\' }, time: 0 })
    expect(one).toEqual(lineOf({ measurement: 'm', tags: { a: '1', b: '2' }, fields: { x: 'a "b" \\', y: true }, time: 0 }))
    expect(one).toEqual({ series: 'm,a=1,b=2', fields: 'x="a \\"b\\" \\\\",y=true' })
  })
})

describe('ordinals', () => {
  const series = fc.constantFrom('a', 'b', 'c')
  const inOrder = fc.array(fc.record({ series, step: fc.constantFrom(0, 0, 0, 1, 1_000), value: fc.integer({ min: 0, max: 3 }), apart: fc.constantFrom('order' as const, undefined) }), { maxLength: 40 })
    .map((steps) => {
      let time = 1_766_059_200_000
      return steps.map(({ series, step, value, apart }) => ({ series, fields: `v=${value}`, apart, time: time += step }))
    })
  type Step = { readonly series: string; readonly fields: string; readonly apart: Point['apart']; readonly time: number }
  const pointOf = ({ time, apart }: Step): Point => ({ measurement: 'm', tags: {}, fields: {}, time, ...(apart === undefined ? {} : { apart }) })
  const stampsOf = (steps: readonly Step[], from = ordinals(noInstant)): readonly string[] => steps.map(step => nanosecondsOf(step.time, from.of(pointOf(step), step))!)

  test.prop([inOrder])('in order, each point of a series has a time of its own, the first at a time that time itself', (steps) => {
    const kept = steps.filter(({ apart }) => apart === 'order')
    const stamps = stampsOf(kept)
    expect(new Set(kept.map(({ series }, i) => `${series} ${stamps[i]}`)).size).toBe(kept.length)
    for (const [i, { series, time }] of kept.entries()) {
      const before = kept.slice(0, i).filter(other => other.series === series && other.time === time).length
      expect(stamps[i]).toBe(nanosecondsOf(time, before))
    }
  })

  test.prop([inOrder, fc.nat()])('cut and saved anywhere, they are the same', (steps, at) => {
    const cut = steps.length === 0 ? 0 : at % steps.length
    const first = ordinals(noInstant)
    const before = stampsOf(steps.slice(0, cut), first)
    const saved = structuredClone(first.save())
    expect([...before, ...stampsOf(steps.slice(cut), ordinals(saved))]).toEqual(stampsOf(steps))
  })

  test.prop([fc.array(fc.record({ series, fields: fc.string(), time: fc.integer({ min: 0, max: 3 }) }))])('by content, they hang on no order', (steps) => {
    const all = steps.map(step => ({ ...step, apart: 'content' as const }))
    const stamps = stampsOf(all)
    expect(stampsOf([...all].reverse()).toReversed()).toEqual(stamps)
    for (const [i, stamp] of stamps.entries()) expect(BigInt(stamp) / 1_000_000n).toBe(BigInt(all[i]!.time))
  })

  test('what comes behind the time goes by its content, and leaves what was kept apart alone', () => {
    const at = (time: number, fields: string): Step => ({ series: 'a', fields, apart: 'order', time })
    const stamps = stampsOf([at(5, 'v=1'), at(5, 'v=2'), at(3, 'v=3'), at(3, 'v=4'), at(5, 'v=5')])
    expect(stamps[0]).toBe('5000000')
    expect(stamps[1]).toBe('5000001')
    expect(stamps[4]).toBe('5000002')
    expect(new Set(stamps).size).toBe(5)
    expect(stamps.slice(2, 4).map(stamp => BigInt(stamp) / 1_000_000n)).toEqual([3n, 3n])
  })

  test('no more is kept than the series of one instant', () => {
    const kept = ordinals(noInstant)
    for (let i = 0; i < 1_000; i++) kept.of(pointOf({ series: `s${i}`, fields: '', apart: 'order', time: i }), { series: `s${i}`, fields: '' })
    expect(kept.save()).toEqual({ time: 999, counts: [['s999', 1]] })
  })
})
