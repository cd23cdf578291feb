import fc from 'fast-check'
import type { Alarm, AlarmState, AlarmStatus, Answer } from 'motorwatch'
import { gathered, plant } from 'motorwatch/page'
import type { AlarmView, EventView } from 'motorwatch/page'
import { describe, expect, test } from 'vitest'

let serial = 0
const alarm = (machine: string, time: number, state: AlarmState = 'raised', status: AlarmStatus = state === 'raised' ? 'unacknowledged' : state === 'acknowledged' ? 'acknowledged' : 'normal'): Alarm => ({
  kind: 'alarm', id: String(serial++), occurrence: `hot/${machine}`, time, machine, rule: 'hot', state, status, severity: 'high', class: 'thermal', message: 'hot', raisedAt: time, value: 1, limit: 0,
})
const answer = (time: number): Answer => ({ kind: 'answer', time, machine: 'm', command: { kind: 'command', time, name: 'acknowledge', machine: 'm', by: 'Sri' }, accepted: true, transitions: [] })

describe('what several partitions hold from the beginning', () => {
  test('is one plant by time, each partition in its own order', () => {
    const before = gathered()
    before.add([alarm('a', 10), answer(30), alarm('a', 30, 'acknowledged')], 'events/0')
    before.add([alarm('b', 5), alarm('b', 20, 'cleared')], 'events/1')
    expect(before.take().map((item) => [item.kind, (item as Alarm).machine, (item as Alarm).time])).toEqual([['alarm', 'b', 5], ['alarm', 'a', 10], ['alarm', 'b', 20], ['answer', 'm', 30], ['alarm', 'a', 30]])
    expect(before.take()).toEqual([])
    expect(before.earliest).toBe(5)
  })

  test('is what was written last, where a partition was begun again and went back in time', () => {
    const before = gathered()
    before.add([alarm('a', 10), alarm('a', 20, 'cleared'), alarm('a', 10)], 'events/0')
    const seen = plant({ rules: [], apart: true })
    seen.take(before.take())
    expect(Object.values(seen.all()).filter((each) => (each as AlarmView).status === 'unacknowledged' && 'occurrence' in (each as object))).toHaveLength(1)
  })

  test('takes memory by what stands: an old alarm that stands is there with its raise, and of the log the latest is', () => {
    const before = gathered()
    before.add([alarm('old', 1), alarm('old', 2, 'acknowledged')], 'events/0')
    for (let i = 0; i < 20_000; i++) before.add([alarm('m', 10 + 2 * i), alarm('m', 11 + 2 * i, 'cleared')], 'events/1')
    const items = before.take()
    expect(items.length).toBeLessThan(2_100)
    expect(items.slice(0, 2)).toMatchObject([{ machine: 'old', state: 'raised' }, { machine: 'old', state: 'acknowledged' }])
    expect(items.at(-1)).toMatchObject({ machine: 'm', time: 11 + 2 * 19_999 })
  })

  test('leaves standing what each partition left standing, however they come', () => {
    const step = fc.record({ machine: fc.constantFrom('a', 'b', 'c'), state: fc.constantFrom<AlarmState>('raised', 'acknowledged', 'cleared'), after: fc.integer({ min: -3, max: 5 }) })
    fc.assert(fc.property(fc.array(fc.record({ partition: fc.nat(2), steps: fc.array(step, { maxLength: 5 }) }), { maxLength: 12 }), (pieces) => {
      const before = gathered()
      const expected = new Map<string, AlarmStatus>()
      const times = [0, 0, 0]
      for (const { partition, steps } of pieces) before.add(steps.map(({ machine, state, after }) => {
        const item = alarm(`${machine}${partition}`, times[partition]! += after, state)
        if (item.status === 'normal') expected.delete(item.machine)
        else expected.set(item.machine, item.status)
        return item
      }), `events/${partition}`)
      const seen = plant({ rules: [], apart: true })
      seen.take(before.take())
      const stand = Object.entries(seen.all()).filter(([key]) => key.startsWith('alarm ')).map(([, each]) => [(each as AlarmView).machine, (each as AlarmView).status] as const)
      expect(new Map(stand)).toEqual(expected)
    }))
  })
})

describe('a plant whose alarms come from elsewhere', () => {
  test('shows a machine that has an alarm and was not heard as unknown, and no parts as they were at the raise', () => {
    const seen = plant({ rules: [], apart: true })
    seen.take([alarm('m', 10)])
    expect(seen.all()['machine m']).toMatchObject({ state: 'unknown', heardAt: null })
    expect(plant({ rules: [] }).all()).toEqual({})
  })

  test('goes on with the latest time of all partitions', () => {
    const seen = plant({ rules: [], apart: true })
    const reading = (machine: string, time: number) => ({ kind: 'reading', machine, sensor: 'current', value: 1, quality: 'good', time }) as const
    seen.take([reading('a', 2_000), reading('b', 1_000)])
    expect(seen.time).toBe(2_000)
    expect(seen.all()['machine b']).toMatchObject({ heardAt: 1_000 })
  })

  test('has its log in the order of time', () => {
    const before = gathered()
    before.add([alarm('a', 10), alarm('a', 30, 'cleared')], 'events/0')
    before.add([alarm('b', 20)], 'events/1')
    const seen = plant({ rules: [], apart: true })
    seen.take(before.take())
    expect(Object.values(seen.all()).filter((each) => (each as EventView).is === 'alarm' && 'n' in (each as object) && !('from' in (each as object))).map((each) => (each as EventView).time)).toEqual([10, 20, 30])
  })
})
