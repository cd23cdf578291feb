import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { arbitraryArrivals, arbitraryInputs, arbitraryReading, arbitraryReadings, arrivals, epoch } from '../../src/testing/index.js'
import type { Input, Reading, Tick } from '../../src/model/index.js'

const lateness = 5000

/** How far each reading is behind the latest one that came before it. */
const behind = (items: readonly { readonly time: number }[]): readonly number[] => {
  let latest = -Infinity
  return items.map(({ time }) => {
    latest = Math.max(latest, time)
    return latest - time
  })
}

const seenIn = <T>(arbitrary: fc.Arbitrary<T>, what: (value: T) => boolean): number => fc.sample(arbitrary, { numRuns: 500, seed: 1 }).filter(what).length

const textOf = (items: readonly unknown[]): string => items.map((item) => JSON.stringify(item)).sort().join('\n')

describe('arbitraryReading', () => {
  test.prop([arbitraryReading({ machines: ['m'], sensors: ['current'], values: fc.constant(7) })])('is made of what it is given', (reading) => {
    expect(reading).toMatchObject({ kind: 'reading', machine: 'm', sensor: 'current', value: 7 })
    expect(reading.time).toBeGreaterThanOrEqual(epoch)
  })
})

describe('arbitraryReadings', () => {
  test.prop([arbitraryReadings()])('are in order of time, begin at the epoch and have finite values, none of them -0', (readings) => {
    for (const [i, { time, value }] of readings.entries()) {
      expect(time).toBeGreaterThanOrEqual(i === 0 ? epoch : readings[i - 1]!.time)
      expect(Number.isFinite(value) && !Object.is(value, -0)).toBe(true)
    }
  })

  test.prop([arbitraryReadings({ length: 3 })])('are at most as many as asked for', (readings) => {
    expect(readings.length).toBeLessThanOrEqual(3)
  })

  const cases: readonly (readonly [what: string, is: (readings: readonly Reading[]) => boolean])[] = [
    ['none at all', (readings) => readings.length === 0],
    ['ties of one machine and sensor with different values', (readings) => readings.some((a) => readings.some((b) => a.time === b.time && a.machine === b.machine && a.sensor === b.sensor && a.value !== b.value))],
    ['a gap beyond an hour', (readings) => readings.some(({ time }, i) => i > 0 && time - readings[i - 1]!.time >= 3_600_000)],
    ['several machines', (readings) => new Set(readings.map(({ machine }) => machine)).size === 3],
    ['a suspect one', (readings) => readings.some(({ quality }) => quality === 'suspect')],
    ['a fraction of a millisecond', (readings) => readings.some(({ time }) => time % 1 !== 0)],
    ['a value on a limit and one a little beyond', (readings) => [120, 120.5].every((value) => readings.some((reading) => reading.value === value))],
  ]
  it.each(cases)('hold %s, now and then', (_, is) => {
    expect(seenIn(arbitraryReadings(), is)).toBeGreaterThan(0)
  })

  const disorderly: typeof cases = [
    ['one that is late within the bound', (readings) => behind(readings).some((by) => by > 0 && by <= lateness)],
    ['one that is too late', (readings) => behind(readings).some((by) => by > lateness)],
    ['one that is late by exactly the bound', (readings) => behind(readings).includes(lateness)],
    ['one that comes twice', (readings) => new Set(readings.map((reading) => JSON.stringify(reading))).size < readings.length],
  ]
  it.each(disorderly)('hold, with a lateness, %s', (_, is) => {
    expect(seenIn(arbitraryReadings({ lateness }), is)).toBeGreaterThan(5)
  })

  it('shrink to the one reading that matters', () => {
    const { counterexample } = fc.check(fc.property(arbitraryReadings(), (readings) => !readings.some(({ value }) => value === 120.5)), { seed: 3, numRuns: 1000 })
    expect(counterexample?.[0]).toHaveLength(1)
    expect(counterexample![0][0]).toMatchObject({ machine: 'a', sensor: 'temperature_coil', quality: 'good', value: 120.5 })
  })
})

describe('arbitraryInputs', () => {
  it.each(['reading', 'tick', 'command'])('hold a %s', (kind) => {
    expect(seenIn(arbitraryInputs(), (inputs) => inputs.some((input) => input.kind === kind))).toBeGreaterThan(100)
  })
})

const machineOf = (item: Reading | Tick): string | undefined => (item.kind === 'reading' ? item.machine : undefined)
const inOrderOfTime = arbitraryInputs().map((inputs) => inputs.filter(({ kind }) => kind !== 'command'))

describe.each([{ name: 'one source', source: undefined }, { name: 'a source for each machine', source: machineOf }])('arrivals from $name', ({ source }) => {
  const options = source === undefined ? { lateness } : { lateness, source }
  const shuffled = inOrderOfTime.chain((inputs) => fc.tuple(fc.constant(inputs), arbitraryArrivals(inputs, options)))

  test.prop([shuffled])('are each at most the lateness behind the latest of its own source, ticks being of all', ([, arrived]) => {
    const sources = new Set(arrived.map((item) => (source === undefined ? '' : item.kind === 'tick' ? '' : (item as Reading).machine)))
    for (const name of sources) {
      const own = arrived.filter((item) => source === undefined || item.kind === 'tick' || (item as Reading).machine === name)
      expect(Math.max(0, ...behind(own))).toBeLessThanOrEqual(lateness)
    }
  })

  test.prop([shuffled])('are the same items, and some of them once more', ([inputs, arrived]) => {
    const once = (items: readonly Input[]): readonly Input[] => [...new Set(items)]
    expect(textOf(once(arrived))).toBe(textOf(inputs))
    expect(arrived.length).toBeLessThanOrEqual(inputs.length + 5)
  })

  it('come in another order often, and in order where nothing is chosen', () => {
    expect(seenIn(shuffled, ([inputs, arrived]) => inputs.some((item, i) => arrived[i] !== item))).toBeGreaterThan(250)
    for (const inputs of fc.sample(inOrderOfTime, 50)) expect(arrivals(inputs, { ...options, choices: [] })).toEqual(inputs)
  })
})

it('arrivals let one source run ahead of another without bound', () => {
  const reading = (machine: string, second: number): Reading => ({ kind: 'reading', time: epoch + second * 1000, machine, sensor: 'current', value: second, quality: 'good' })
  const inputs = [0, 100, 200, 300].flatMap((second) => [reading('a', second), reading('b', second)])
  const arrived = arrivals(inputs, { lateness, source: machineOf, choices: [1] }) as readonly Reading[]
  expect(arrived.map(({ machine, value }) => `${machine}${value}`).join(' ')).toBe('b0 b100 b200 b300 a0 a100 a200 a300')
})
