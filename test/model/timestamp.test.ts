import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { earliestTime, endOfTime, expectedTimestamp, formatTimestamp, parseTimestamp } from '../../src/model/timestamp.js'

const noon = Date.UTC(2025, 11, 18, 12, 30)
const millis = fc.integer({ min: earliestTime, max: endOfTime - 1 })
const pad = (n: number, width = 2) => String(n).padStart(width, '0')

describe('text', () => {
  test.each([
    ['2025-12-18T12:30:00Z', noon],
    ['2025-12-18t12:30:00z', noon],
    ['2025-12-18 12:30:00Z', noon],
    ['2025-12-18T13:30:00+01:00', noon],
    ['2025-12-18T13:30:00+0100', noon],
    ['2025-12-18T13:30:00+01', noon],
    ['2025-12-18T07:00:00-05:30', noon],
    ['2025-12-18T12:30:00-00:00', noon],
    ['2025-12-18T12:30:00.5Z', noon + 500],
    ['2025-12-18T12:30:00.123Z', noon + 123],
    ['2025-12-18T12:30:00.123456Z', noon + 123.456],
    ['2025-12-18T12:30:00.123456789+00:00', noon + 123.456789],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2000-02-29T00:00:00Z', Date.UTC(2000, 1, 29)],
    ['1971-01-01T00:00:00Z', earliestTime],
    ['9999-12-31T23:59:59.999Z', endOfTime - 1],
  ])('%s is read', (text, time) => expect(parseTimestamp(text)).toBe(time))

  test.each([
    ['2025-12-18', /a date alone is ambiguous/],
    ['2025-12-18T12:30:00', /without a zone is ambiguous/],
    ['2025-12-18T12:30', /without a zone is ambiguous/],
    ['2025-02-30T00:00:00Z', /no calendar or clock/],
    ['2025-02-29T00:00:00Z', /no calendar or clock/],
    ['2100-02-29T00:00:00Z', /no calendar or clock/],
    ['2025-00-10T00:00:00Z', /no calendar or clock/],
    ['2025-13-10T00:00:00Z', /no calendar or clock/],
    ['2025-12-00T00:00:00Z', /no calendar or clock/],
    ['2025-12-18T25:00:00Z', /no calendar or clock/],
    ['2025-12-18T24:00:00Z', /hour 24/],
    ['2025-12-18T12:60:00Z', /no calendar or clock/],
    ['2016-12-31T23:59:60Z', /second 60/],
    ['2025-12-18T12:30:00+24:00', /no calendar or clock/],
    ['2025-12-18T12:30:00+01:60', /no calendar or clock/],
    ['1970-12-31T23:59:59Z', /years 1971 to 9999/],
    ['1971-01-01T00:30:00+01:00', /years 1971 to 9999/],
    ['9999-12-31T23:30:00-01:00', /years 1971 to 9999/],
    ['1766061000', /without quotes/],
    ['2025-12-18T12:30:00.Z', /such as/],
    ['2025-12-18T12:30:00,5Z', /such as/],
    ['2025-12-18T12:30:00Z ', /such as/],
    ['2025-12-18T12:30:00+1:00', /such as/],
    ['2025-12-18T12:30:00+01:0', /such as/],
    ['2025-12-18T12:30Z', /such as/],
    ['+002025-12-18T12:30:00Z', /such as/],
    ['Thu, 18 Dec 2025 12:30:00 GMT', /such as/],
    ['', /such as/],
  ])('%s is rejected, and told why', (text, why) => {
    expect(parseTimestamp(text)).toBeNaN()
    expect(expectedTimestamp(text)).toMatch(why)
  })

  test.prop([millis, fc.integer({ min: -23 * 60, max: 23 * 60 })])('agrees with Date.parse, at any offset', (time, offset) => {
    const local = time + offset * 60_000
    fc.pre(local >= earliestTime && local < endOfTime)
    const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`
    const text = new Date(local).toISOString().replace('Z', zone)
    expect(Date.parse(text)).toBe(time)
    expect(parseTimestamp(text)).toBe(time)
  })

  const field = (most: number) => fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: most }) }, fc.integer({ min: 0, max: 99 }))

  test.prop([fc.integer({ min: 1971, max: 9999 }), field(13), field(32), field(24), field(60), field(60)], { numRuns: 3_000 })(
    'takes exactly the days and times that exist',
    (year, month, day, hour, minute, second) => {
      const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
      const text = `${year}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}`
      const exists = date.getUTCFullYear() === year && date.toISOString().startsWith(text)
      expect(parseTimestamp(`${text}Z`)).toBe(exists ? date.getTime() : NaN)
    },
  )

  test.prop([millis, fc.stringMatching(/^\d{1,40}$/)])('keeps a fraction of any length to the precision of a double', (time, digits) => {
    const whole = Math.floor(time / 1000) * 1000
    const fraction = Number(BigInt(digits.padEnd(40, '0').slice(0, 18))) / 1e15
    const parsed = parseTimestamp(new Date(whole).toISOString().replace(/\..*/, `.${digits}Z`))
    expect(Math.abs(parsed - whole - fraction)).toBeLessThanOrEqual(whole * 2 ** -52)
  })

  test.prop([fc.string()])('never throws', (text) => {
    expect(parseTimestamp(text)).toBeNaN()
    expect(expectedTimestamp(text)).not.toBe('')
  })
})

describe('numbers', () => {
  test.each([
    ['seconds', 1766061000, 1766061000_000],
    ['seconds with a fraction', 1766061000.123, 1766061000_123],
    ['the first second', 31_536_000, earliestTime],
    ['the last seconds', 99_999_999_999, 99_999_999_999_000],
    ['the first milliseconds', 1e11, 1e11],
    ['milliseconds', 1766061000_123, 1766061000_123],
    ['milliseconds with a fraction', 1766061000_123.5, 1766061000_123.5],
    ['the first microseconds', 1e14, 1e11],
    ['microseconds', 1766061000_123456, 1766061000_123.456],
    ['the first nanoseconds', 1e17, 1e11],
    ['nanoseconds', 1766061000_123456000, 1766061000_123.456],
  ])('%s', (_, sent, time) => expect(parseTimestamp(sent)).toBe(time))

  test.each([-1, -1766061000, 0, 31_535_999, NaN, Infinity, -Infinity, 253_402_300_800_000_000_000, 1e300])('%s is rejected', (sent) => {
    expect(parseTimestamp(sent)).toBeNaN()
    expect(expectedTimestamp(sent)).toMatch(/1971 to 9999/)
  })

  test.each([undefined, null, true, {}, [1766061000], 1766061000n, new Date(noon)])('what is neither text nor number is rejected: %s', (sent) => {
    expect(parseTimestamp(sent)).toBeNaN()
    expect(expectedTimestamp(sent)).toMatch(/such as/)
  })
})

describe('formatTimestamp', () => {
  test.prop([millis])('is what Date writes, for whole milliseconds', (time) => {
    expect(formatTimestamp(time)).toBe(new Date(time).toISOString())
  })

  test.prop([fc.double({ min: earliestTime, max: endOfTime, maxExcluded: true, noNaN: true })])('parses to the last bit', (time) => {
    expect(parseTimestamp(formatTimestamp(time))).toBe(time)
  })

  test.each([NaN, Infinity, -1, 0, earliestTime - 1, endOfTime])('%s is refused', (time) =>
    expect(() => formatTimestamp(time)).toThrow(/^time: got .*, expected epoch milliseconds/))
})
