import type { Alarm, AlarmMeasures, AlarmState, Input } from 'motorwatch'
import { alarmMeasures, eventTime, inOrder, via } from 'motorwatch'
import { from, lastValueFrom, pipe, toArray } from 'rxjs'
import { expect, test } from 'vitest'
import { plantMeasures } from '../../examples/factory/plant-measures.js'

const HOUR = 3_600_000
const start = Date.UTC(2026, 0, 5, 6)
const alarm = (machine: string, minute: number, state: AlarmState = 'raised', raisedAt = minute): Alarm => ({
  kind: 'alarm', id: `${machine}${minute}${state}`, occurrence: `hot/${machine}/${raisedAt}`, time: start + minute * 60_000, machine, rule: 'hot', state, status: state === 'raised' ? 'unacknowledged' : 'normal', severity: 'high', class: 'thermal',
  message: 'hot', raisedAt: start + raisedAt * 60_000, value: 1, limit: 0,
})
const first = Array.from({ length: 8 }, (_, i) => [alarm('a', 5 * i), alarm('a', 5 * i + 2, 'cleared', 5 * i)]).flat()
const second = Array.from({ length: 30 }, (_, i) => alarm(`b${i}`, 70 + i / 10))

test('alarms of two partitions, read one after the other, are measured as those of one plant', async () => {
  const measures = plantMeasures()
  measures.add(second, 'events/1')
  measures.add(first, 'events/0')
  const told = measures.until(start + 3 * HOUR + 1)
  const inOne = [...first, ...second].flatMap((each): (Input | Alarm)[] => [{ kind: 'tick', time: each.time }, each])
  const expected = await lastValueFrom(from([...inOne, { kind: 'tick', time: start + 3 * HOUR } as const]).pipe(eventTime((time) => pipe(inOrder<Input | Alarm>({ lateness: 0 }, time), via('alarm', alarmMeasures({}, time)))), toArray())) as readonly AlarmMeasures[]
  expect(told).toEqual(expected.filter(({ status }) => status === undefined))
  expect(told.map(({ start: from, raised, most }) => [(from - start) / HOUR, raised, most])).toEqual([[0, 8, 2], [1, 30, 30], [2, 0, 0]])
  expect(told[1]!.flood).toBeGreaterThan(0)
})

test('as time goes on, each hour is told once, and a leap over months is no hour', () => {
  const measures = plantMeasures()
  measures.add(first, 'events/0')
  expect(measures.until(NaN)).toEqual([])
  expect(measures.until(start + HOUR / 2)).toEqual([])
  expect(measures.until(start + HOUR)).toEqual([])
  expect(measures.until(start + HOUR + 1).map(({ raised }) => raised)).toEqual([8])
  expect(measures.until(start + HOUR + 1)).toEqual([])
  measures.add(second, 'events/1')
  expect(measures.until(start + 2 * HOUR + 1).map(({ raised }) => raised)).toEqual([30])
  expect(measures.until(start + 2_000 * HOUR)).toEqual([])
})
