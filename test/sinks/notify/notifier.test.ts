import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Alarm, Item, Sink } from '../../../src/model/index.js'
import { notifier } from '../../../src/sinks/notify/notifier.js'
import type { NotifyOptions } from '../../../src/sinks/notify/options.js'
import { alarm } from './alarms.js'

const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000]
const NOW = Date.UTC(2026, 6, 1)

beforeEach(() => { vi.useFakeTimers({ now: NOW, toFake: ['Date', 'setTimeout', 'clearTimeout'] }) })
afterEach(() => { vi.useRealTimers() })

/** A target in memory: what it was told, and when by the wall clock, in hours from `NOW`. */
function target(options: NotifyOptions = {}) {
  const told: string[] = []
  const keys: string[] = []
  const warnings: string[] = []
  const is = { alive: true }
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation((warning) => { warnings.push(String(warning)) })
  onTestFinished(() => { warned.mockRestore() })
  const sink = notifier({
    name: 'target', server: 'target', describe: String,
    async send({ notifications }) {
      if (!is.alive) throw new Error('dead')
      for (const { key, status, repeat, alarm: { machine, time } } of notifications) {
        keys.push(key)
        told.push(`${machine} ${status}${repeat > 0 ? ' again' : ''} of ${hours(time)}`)
      }
    },
  }, { onWaiting: () => undefined, maxAge: '1d', ...options })
  onTestFinished(() => sink.close(false))
  return { sink, told, keys, warnings, is }
}

const hours = (time: number): string => `${Number(((time - NOW) / HOUR).toFixed(2))} h`
const heard = (time: number): Item => ({ kind: 'reading', time }) as Item
/** By the wall clock of the test, in hours from `NOW`. */
const at = (state: Alarm['state'], hour: number, machine: string, raised = hour, more: Partial<Alarm> = {}): Alarm => alarm(state, (NOW + hour * HOUR) / 1_000, { machine, raisedAt: NOW + raised * HOUR, ...more })

/** What is made of five days that were missed, from `from` hours on: a reading every quarter of an hour, and the alarms in their places. */
function past(alarms: readonly Alarm[], from = -120): readonly Item[] {
  const readings = Array.from({ length: -from * 4 + 1 }, (_, i) => heard(NOW + (from + i / 4) * HOUR))
  return [...readings, ...alarms].sort((a, b) => (a as Alarm).time - (b as Alarm).time)
}

/** By pieces, a tenth of a second of the wall clock for each. */
async function catchUp(sink: Sink, items: readonly Item[], piece: number): Promise<void> {
  for (let i = 0; i < items.length; i += piece) {
    await sink.write(items.slice(i, i + piece))
    await vi.advanceTimersByTimeAsync(100)
  }
}

const missed = past([
  at('raised', -100, 'M1'), at('cleared', -99, 'M1', -100), at('raised', -98, 'M1'), at('cleared', -97, 'M1', -98),
  at('raised', -90, 'M2'),
  at('raised', -80, 'M3'), at('cleared', -2, 'M3', -80),
  at('raised', -20, 'M4'), at('cleared', -19, 'M4', -20),
])

describe('after days that were missed', () => {
  test('what is old and over is not told, what is old and stands is told once, with its time; what is of the last day is told as ever', async () => {
    const { sink, told, warnings } = target()
    await sink.open()
    await catchUp(sink, missed, 1)
    expect(told).toEqual(['M4 firing of -20 h', 'M4 resolved of -19 h', 'M3 resolved of -2 h', 'M2 firing of -90 h'])
    expect(warnings).toEqual(['target: 2 alarms that were over are not told, for they are older than 1d'])
    await vi.advanceTimersByTimeAsync(3 * HOUR)
    expect(told).toHaveLength(4)
    await sink.write([heard(NOW + 3 * HOUR), at('cleared', 3, 'M2', -90)])
    await vi.advanceTimersByTimeAsync(100)
    expect(told.at(-1)).toBe('M2 resolved of 3 h')
  })

  test.each([1, 7, 100, 1_000])('the same stands told however it comes (%i at a time), and whether it is killed in between', async (piece) => {
    const one = target()
    await one.sink.open()
    await catchUp(one.sink, missed, piece)
    await vi.advanceTimersByTimeAsync(MINUTE)
    const standing = (keys: readonly string[]): readonly string[] => [...new Set(keys)].filter((key) => /\/M[23]\//.test(key)).sort()
    expect(standing(one.keys)).toEqual([at('cleared', -2, 'M3', -80).id, at('raised', -90, 'M2').id].sort())
    expect(one.keys.some((key) => key.includes('/M1/'))).toBe(false)

    const killed = target()
    await killed.sink.open()
    const cut = Math.floor(missed.length / 3)
    await catchUp(killed.sink, missed.slice(0, cut), piece)
    const saved = structuredClone(await killed.sink.save())
    await catchUp(killed.sink, missed.slice(cut, 2 * cut), piece)
    await killed.sink.close(false)
    await killed.sink.open(saved)
    await catchUp(killed.sink, missed.slice(cut), piece)
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(standing(killed.keys)).toEqual(standing(one.keys))
    expect(killed.keys.some((key) => key.includes('/M1/'))).toBe(false)
  })

  test('the end of what was told as firing before is told, however old it is, and not before that that it still fires', async () => {
    const { sink, told } = target()
    await sink.open()
    await sink.write([heard(NOW), at('raised', 0, 'M1')])
    await vi.advanceTimersByTimeAsync(100)
    const saved = structuredClone(await sink.save())
    await sink.close(false)
    vi.setSystemTime(NOW + 5 * DAY)
    await sink.open(saved)
    await sink.write([heard(NOW + HOUR), at('cleared', 1, 'M1', 0)])
    await vi.advanceTimersByTimeAsync(100)
    expect(told).toEqual(['M1 firing of 0 h', 'M1 resolved of 1 h'])
  })

  test('told whatever its age where that is asked for', async () => {
    const { sink, told } = target({ maxAge: undefined as never })
    await sink.open()
    await catchUp(sink, missed, 1)
    expect(told.slice(0, 5)).toEqual(['M1 firing of -100 h', 'M1 resolved of -99 h', 'M1 firing of -98 h', 'M1 resolved of -97 h', 'M2 firing of -90 h'])
  })
})

describe('what is old and stands is told', () => {
  test('when nothing more comes for a minute, as from a plant that is off', async () => {
    const { sink, told } = target()
    await sink.open()
    await sink.write([heard(NOW - 3 * DAY), at('raised', -72, 'M1')])
    await vi.advanceTimersByTimeAsync(50 * SECOND)
    expect(told).toEqual([])
    await vi.advanceTimersByTimeAsync(11 * SECOND)
    expect(told).toEqual(['M1 firing of -72 h'])
  })

  test('at the end of the data', async () => {
    const { sink, told, warnings } = target()
    await sink.open()
    await sink.write([heard(NOW - 3 * DAY), at('raised', -72, 'M1'), at('raised', -72, 'M2'), at('cleared', -71, 'M2', -72)])
    await sink.close(true)
    expect(told).toEqual(['M1 firing of -72 h'])
    expect(warnings).toEqual(['target: 1 alarm that was over is not told, for it is older than 1d'])
  })

  test('at once, where time keeps pace with the wall clock and is wrong by years', async () => {
    const { sink, told } = target()
    await sink.open()
    for (let second = 0; second < 120; second += 5) {
      await sink.write([heard(second * SECOND), ...(second === 90 ? [alarm('raised', 90)] : []), ...(second === 95 ? [alarm('cleared', 95, { raisedAt: 90_000 })] : [])])
      await vi.advanceTimersByTimeAsync(5 * SECOND)
      if (second === 90) expect(told).toHaveLength(1)
    }
    expect(told).toEqual([expect.stringContaining('M1 firing'), expect.stringContaining('M1 resolved')])
  })
})

test('a target that was dead for two days is told what stands, once, and not what was over before yesterday', async () => {
  const { sink, told, warnings, is } = target()
  is.alive = false
  await sink.open()
  for (let hour = 0; hour <= 48; hour++) {
    vi.setSystemTime(NOW + hour * HOUR)
    await sink.write([heard(NOW + hour * HOUR), ...(hour === 1 ? [at('raised', 1, 'M3')] : hour === 2 ? [at('raised', 1.5, 'M2'), at('cleared', 2, 'M2', 1.5)] : hour === 47 ? [at('raised', 46.5, 'M4'), at('cleared', 47, 'M4', 46.5)] : [])])
  }
  is.alive = true
  for (let i = 0; i < 200 && told.length < 2; i++) await sleep(50)
  expect(told).toEqual(['M3 firing of 1 h', 'M4 resolved of 47 h'])
  expect(warnings).toEqual(['target: 1 alarm that was over is not told, for it is older than 1d'])
})

test('an age that is none is refused', () => {
  expect(() => target({ maxAge: 'soon' as '1d' })).toThrow('"soon" is not a duration')
})
