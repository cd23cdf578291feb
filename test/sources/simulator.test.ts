import { fc, test } from '@fast-check/vitest'
import { Writable } from 'node:stream'
import { describe, expect } from 'vitest'
import { decoder } from '../../src/model/wire.js'
import type { Batch } from '../../src/model/source.js'
import type { Reading } from '../../src/model/reading.js'
import { simulator, type SimulatorOptions, startSimulation, stepSimulation, type Truth, writeSimulation } from '../../src/sources/simulator.js'

type Items = readonly (Reading | Truth)[]
type SimulatedBatch = Batch<Reading | Truth>

const hour = 3_600_000
const never = new AbortController().signal

async function batches(options: SimulatorOptions, from?: unknown): Promise<SimulatedBatch[]> {
  const taken: SimulatedBatch[] = []
  await simulator(options).read(async (batch) => { taken.push(batch) }, { from, signal: never })
  return taken
}

function items(taken: readonly SimulatedBatch[]): Items {
  return taken.flatMap((batch) => batch.items)
}

describe('the simulator as a source', () => {
  const options: SimulatorOptions = { machines: 4, faults: 'demo', duration: hour }

  test('hands over what its steps give, half-open, and says that it has ended', async () => {
    const state = startSimulation(options)
    const expected: (Reading | Truth)[] = []
    for (let i = 0; i < 3600; i++) expected.push(...stepSimulation(state))
    const taken: SimulatedBatch[] = []
    expect(await simulator(options).read(async (batch) => { taken.push(batch) }, { signal: never })).toBe(true)
    expect(items(taken)).toEqual(expected)
    expect(taken.some((batch) => batch.items.some(({ kind }) => kind === 'truth'))).toBe(true)
    for (const batch of taken) expect(batch.items.length).toBeLessThan(5000 + 4 * 10)
  })

  test('reads on behind any batch as if it had never stopped, from its position as JSON', async () => {
    const whole = await batches(options)
    expect(whole.length).toBeGreaterThan(10)
    for (let i = 0; i < whole.length; i++) {
      const rest = await batches(options, JSON.parse(JSON.stringify(whole[i]!.position)))
      expect(items(rest)).toEqual(items(whole.slice(i + 1)))
    }
  })

  test('leaves a position as it is while it reads on', async () => {
    const [first] = await batches(options)
    const before = JSON.stringify(first!.position)
    await batches(options, first!.position)
    expect(JSON.stringify(first!.position)).toBe(before)
  })

  test('refuses the position of other options, and what is no position', async () => {
    const [first] = await batches(options)
    await expect(batches({ ...options, seed: 2 }, first!.position)).rejects.toThrow('other options')
    await expect(batches(options, 17)).rejects.toThrow('other options')
    await expect(batches(options, null)).rejects.toThrow('other options')
  })

  test('reads on with a longer duration', async () => {
    const short = await batches({ ...options, duration: hour / 2 })
    expect([...items(short), ...items(await batches(options, short.at(-1)!.position))]).toEqual(items(await batches(options)))
  })

  test('tells its progress where it knows the end, and only there', async () => {
    const progress = (await batches(options)).map((batch) => batch.progress!)
    expect(progress).toEqual(progress.toSorted((a, b) => a - b))
    expect(progress[0]).toBeGreaterThan(0)
    expect(progress.at(-1)).toBe(1)
    const stop = new AbortController()
    await simulator({ machines: 1 }).read(async (batch) => {
      expect(batch).not.toHaveProperty('progress')
      stop.abort()
    }, { signal: stop.signal })
  })

  test('of no duration has nothing', async () => {
    expect(await batches({ ...options, duration: 0 })).toEqual([])
  })

  test('never has two batches outstanding', async () => {
    let outstanding = 0
    let most = 0
    await simulator(options).read(async () => {
      most = Math.max(most, ++outstanding)
      await new Promise((resolve) => setImmediate(resolve))
      outstanding--
    }, { signal: never })
    expect(most).toBe(1)
  })

  test('rejects as accept does', async () => {
    const refused = new Error('full')
    await expect(simulator(options).read(() => Promise.reject(refused), { signal: never })).rejects.toBe(refused)
  })

  test('hands over nothing once it is aborted, and says that it was stopped', async () => {
    let count = 0
    const accept = async (): Promise<void> => { count++ }
    expect(await simulator({ machines: 1 }).read(accept, { signal: AbortSignal.abort() })).toBe(false)
    expect(count).toBe(0)
    const stop = new AbortController()
    expect(await simulator({ machines: 1 }).read(async () => { if (++count === 3) stop.abort() }, { signal: stop.signal })).toBe(false)
    expect(count).toBe(3)
  })

  test('at full speed lets timers run, so one can stop it', async () => {
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 30)
    expect(await simulator({ machines: 1 }).read(async () => {}, { signal: stop.signal })).toBe(false)
  })

  test('stops at once while it waits for its next step', async () => {
    const stop = new AbortController()
    let count = 0
    // the second step is due in 28 hours
    const read = simulator({ machines: 1, speed: 0.00001 }).read(async () => {
      count++
      setTimeout(() => stop.abort(), 5)
    }, { signal: stop.signal })
    expect(await read).toBe(false)
    expect(count).toBe(1)
  })

  test('waits for a step that is further away than a timer of Node can hold', async () => {
    const stop = new AbortController()
    let count = 0
    const read = simulator({ machines: 1, speed: 1e-9 }).read(async () => {
      count++
      setTimeout(() => stop.abort(), 20)
    }, { signal: stop.signal })
    expect(await read).toBe(false)
    expect(count).toBe(1)
  })

  test('paced, is never ahead of the wall clock, and gives the same in the end', async () => {
    const paced: SimulatorOptions = { machines: 2, duration: 60_000, speed: 300 }
    const taken: SimulatedBatch[] = []
    const startedAt = performance.now()
    await simulator(paced).read(async (batch) => {
      expect(batch.items.at(-1)!.time - Date.UTC(2026, 0, 5, 6)).toBeLessThanOrEqual((performance.now() - startedAt) * 300)
      taken.push(batch)
    }, { signal: never })
    expect(taken.length).toBeGreaterThan(1)
    expect(items(taken)).toEqual(items(await batches({ ...paced, speed: 'max' })))
  })

  test('paced, counts from the moment of reading on', async () => {
    const paced: SimulatorOptions = { machines: 1, duration: 100 * hour, speed: 0.01 }
    const [first] = await batches({ ...paced, duration: 50 * hour, speed: 'max' }).then((all) => all.slice(-1))
    const stop = new AbortController()
    const times: number[] = []
    await simulator(paced).read(async (batch) => {
      times.push(...batch.items.map(({ time }) => time))
      stop.abort()
    }, { from: first!.position, signal: stop.signal })
    // at once, and the one step that is due
    expect(new Set(times)).toEqual(new Set([Date.UTC(2026, 0, 5, 6) + 50 * hour]))
  })

  test.each([0, -1, NaN])('refuses the speed %d', (speed) => {
    expect(() => simulator({ machines: 1, speed })).toThrow('speed')
  })

  test.each([-1, NaN])('refuses the duration %d', (duration) => {
    expect(() => simulator({ machines: 1, duration })).toThrow('duration')
  })
})

describe('a simulation in a file', () => {
  test.prop([fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 4 })], { numRuns: 10 })('holds its readings, one a line, as the decoder reads them', async (steps, machines) => {
    const options = { machines, duration: steps * 1000, faults: 'demo' } as const
    let text = ''
    const written = await writeSimulation(options, new Writable({
      highWaterMark: 1,
      write(chunk: Buffer, _, done) {
        text += chunk.toString()
        setImmediate(done)
      }
    }))
    const { decodeLine } = decoder()
    const readings = text.split('\n').slice(0, -1).map((line) => decodeLine(line))
    expect(readings).toHaveLength(written)
    const expected = items(await batches(options)).filter(({ kind }) => kind === 'reading')
    expect(readings).toEqual(expected.map((right) => ({ _tag: 'Right', right })))
  })

  test('goes no faster than it is taken', async () => {
    let outstanding = 0
    let most = 0
    await writeSimulation({ machines: 10, duration: 600_000 }, new Writable({
      highWaterMark: 1,
      write(chunk: Buffer, _, done) {
        outstanding += chunk.length
        most = Math.max(most, outstanding + this.writableLength - chunk.length)
        setImmediate(() => {
          outstanding -= chunk.length
          done()
        })
      }
    }))
    // of the 42,000 lines only a few pieces of some 1,000 wait
    expect(most).toBeLessThan(1_000_000)
  })

  test('fails as the stream fails', async () => {
    const broken = new Writable({ write(_chunk, _encoding, done) { done(new Error('disk full')) } })
    await expect(writeSimulation({ machines: 1, duration: hour }, broken)).rejects.toThrow('disk full')
  })

  test('must have an end', async () => {
    await expect(writeSimulation({ machines: 1, duration: Infinity }, new Writable())).rejects.toThrow('duration')
  })
})
