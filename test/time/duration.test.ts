import { fc, test } from '@fast-check/vitest'
import { describe, expect, expectTypeOf } from 'vitest'
import { duration, formatDuration } from '../../src/time/index.js'
import type { Duration } from '../../src/time/index.js'

describe('duration', () => {
  test.each<readonly [Duration, number]>([
    ['0s', 0], ['250ms', 250], ['30s', 30_000], ['5m', 300_000], ['1h30m', 5_400_000], ['1.5h', 5_400_000], ['2d', 172_800_000], ['1d12h30m', 131_400_000],
    ['0.5ms', 0.5], ['1m1ms', 60_001], [90, 90], [0, 0], [0.25, 0.25], [Infinity, Infinity],
  ])('%s is %d ms', (given, expected) => expect(duration(given)).toBe(expected))

  test.each(['', ' ', '30', 's', '-5s', '30 s', '30s ', ' 30s', '5M', '1e3s', '1m1h', '1s1s', '1ms1s', '.5s', '5.s', '1,5h', '1h30', 'Infinitys', '٣s', '1h 30m'])(
    'refuses %j', (text) => expect(() => duration(text as Duration)).toThrow(new RegExp(`^${JSON.stringify(text).replaceAll('.', '\\.')} is not a duration: expected .*'30s'`)))

  test.each([[NaN, 'NaN'], [-1, '-1'], [-Infinity, '-Infinity'], [undefined, 'undefined'], [null, 'null'], [{}, '\\[object Object\\]']])('refuses %s by its name', (value, shown) =>
    expect(() => duration(value as Duration)).toThrow(new RegExp(`^${shown} is not a duration`)))

  test.prop([fc.array(fc.tuple(fc.nat(999), fc.constantFrom(...(['d', 'h', 'm', 's', 'ms'] as const))), { minLength: 1, maxLength: 3 })])(
    'is the sum of its parts, where the units descend, and an error elsewhere', (parts) => {
      const sizes = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
      const text = parts.map(([count, unit]) => `${count}${unit}`).join('') as Duration
      const descend = parts.every(([, unit], i) => i === 0 || sizes[unit] < sizes[parts[i - 1]![1]])
      if (descend) expect(duration(text)).toBe(parts.reduce((sum, [count, unit]) => sum + count * sizes[unit], 0))
      else expect(() => duration(text)).toThrow(RangeError)
    })

  test('the type knows what it can', () => {
    expectTypeOf<'30s'>().toExtend<Duration>()
    expectTypeOf<'1h30m'>().toExtend<Duration>()
    const good: readonly Duration[] = ['30s', '5m', '1h30m', '1d12h30m', '1.5h', '250ms', 90_000]
    // @ts-expect-error no unit
    const noUnit: Duration = '30'
    // @ts-expect-error not a unit
    const weeks: Duration = '3w'
    // @ts-expect-error a unit in words
    const words: Duration = '30 seconds'
    // @ts-expect-error no number
    const unit: Duration = 's'
    // @ts-expect-error a bigint
    const big: Duration = 30n
    expect(good.map(duration)).not.toContain(NaN)
    for (const wrong of [noUnit, weeks, words, unit, big]) expect(() => duration(wrong)).toThrow(RangeError)
  })
})

describe('formatDuration', () => {
  test.each([
    [90_000, '1m30s'], [0, '0s'], [250, '250ms'], [86_400_000, '1d'], [5_400_000, '1h30m'], [-30_000, '-30s'], [0.5, '0.5ms'], [1000.001, '1s0.001ms'],
    [999.9996, '1s'], [59_999.9999, '1m'], [0.0001, '0s'], [Infinity, 'Infinity'], [NaN, 'NaN'],
  ])('%d is %s', (given, expected) => expect(formatDuration(given)).toBe(expected))

  test.prop([fc.oneof(fc.nat(), fc.maxSafeNat())])('duration reads whole milliseconds back', (milliseconds) => {
    expect(duration(formatDuration(milliseconds) as Duration)).toBe(milliseconds)
  })

  test.prop([fc.double({ min: 0, max: 1e9, noNaN: true })])('has each unit once, and stays within half a microsecond', (milliseconds) => {
    const text = formatDuration(milliseconds)
    expect(text).toMatch(/^(\d+d)?((1?\d|2[0-3])h)?([1-5]?\dm)?([1-5]?\ds)?(\d{1,3}(\.\d{1,3})?ms)?$/)
    expect(Math.abs(duration(text as Duration) - milliseconds)).toBeLessThan(0.000_501)
  })
})
