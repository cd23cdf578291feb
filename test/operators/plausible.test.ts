import { fc, test } from '@fast-check/vitest'
import { from, toArray } from 'rxjs'
import { describe, expect } from 'vitest'
import { instrumentRange, standardSensors } from '../../src/model/index.js'
import type { Input, Nameplate, Reading } from '../../src/model/index.js'
import { plausible } from '../../src/operators/plausible.js'
import type { PlausibleOptions } from '../../src/operators/plausible.js'
import { arbitraryInputs, checkLaws } from '../../src/testing/index.js'
import { reading } from './small-streams.js'

const judged = (inputs: readonly Input[], options?: PlausibleOptions): readonly Input[] => {
  let seen: readonly Input[] = []
  from(inputs).pipe(plausible(options), toArray()).subscribe((all) => { seen = all })
  return seen
}

const qualities = (readings: readonly Reading[], options?: PlausibleOptions): readonly string[] => judged(readings, options).map((item) => (item as Reading).quality)

describe('plausible', () => {
  test('a range may be of one value', () => {
    const seen: string[] = []
    const at = (value: number) => ({ kind: 'reading' as const, time: 0, machine: 'm', sensor: 'x', value, quality: 'good' as const })
    from([at(5), at(6)]).pipe(plausible({ range: () => [5, 5] })).subscribe(({ quality }) => seen.push(quality))
    expect(seen).toEqual(['good', 'suspect'])
  })

  // standards.md
  test.each([
    ['temperature_coil', 0, 200], ['vibration_rotor', 0, 20], ['current', -10, 150], ['pressure', 0, 10_000], ['humidity_env', 0, 100],
  ])('%s: from %s to %s, both included', (sensor, low, high) => {
    const values = [low, high, (low + high) / 2, low - 0.001, high + 0.001, -Infinity, Infinity, NaN]
    expect(qualities(values.map((value) => reading(0, 'm', sensor, value)))).toEqual(['good', 'good', 'good', 'suspect', 'suspect', 'suspect', 'suspect', 'suspect'])
  })

  test.prop([arbitraryInputs({ sensors: [...standardSensors.keys()] })])('changes only the quality, and only of good readings outside the range; all else is the very same item', (inputs) => {
    const seen = judged(inputs)
    expect(seen).toHaveLength(inputs.length)
    inputs.forEach((item, i) => {
      const [low, high] = item.kind === 'reading' ? instrumentRange(item.sensor) : [0, 0]
      if (item.kind === 'reading' && item.quality === 'good' && (item.value < low || item.value > high)) expect(seen[i]).toEqual({ ...item, quality: 'suspect' })
      else expect(seen[i]).toBe(item)
    })
  })

  test('a nameplate widens the range of its machine alone', () => {
    const nameplates = new Map<string, Nameplate>([['big', { ratedCurrent: 180 }]])
    const readings = ['big', 'other', 'big'].map((machine) => reading(0, machine, 'current', 1200))
    expect(qualities(readings, { nameplates })).toEqual(['good', 'suspect', 'good'])
  })

  test('a range of one\'s own, by machine and sensor, is asked once; where it says nothing the default counts', () => {
    const asked: string[] = []
    const range = (machine: string, sensor: string): readonly [number, number] | undefined => {
      asked.push(`${machine}/${sensor}`)
      return machine === 'own' && sensor === 'current' ? [0, 1] : undefined
    }
    const readings = ['own', 'other', 'own'].flatMap((machine) => [reading(0, machine, 'current', 2), reading(0, machine, 'pressure', 2)])
    expect(qualities(readings, { range })).toEqual(['suspect', 'good', 'good', 'good', 'suspect', 'good'])
    expect(asked).toEqual(['own/current', 'own/pressure', 'other/current', 'other/pressure'])
  })

  test.prop([fc.double()])('a sensor without a range: every number is plausible', (value) => {
    expect(qualities([reading(0, 'm', 'flow', value)])).toEqual([Number.isNaN(value) ? 'suspect' : 'good'])
  })

  test.each([[[2, 1]], [[NaN, 1]]] as const)('the range %j is an error of the stream', (range) => {
    let seen: unknown
    from([reading(0, 'm', 'x', 1)]).pipe(plausible({ range: () => range })).subscribe({ error: (error: unknown) => { seen = error } })
    expect(String(seen)).toMatch(/^RangeError: the range of m\/x: got \[.*\], expected \[low, high\]/)
  })

  test('keeps the laws', async () => {
    expect(Object.values(await checkLaws(() => plausible()))).toEqual(Array(6).fill('pass'))
  }, 60_000)
})
