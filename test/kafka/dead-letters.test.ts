import { expect, test } from 'vitest'
import { headersOf, placeOf } from '../../src/kafka/dead-letters.js'

test('a place is a topic, a partition and an offset, or the offsets of a batch', () => {
  expect(placeOf('a/b/3/17')).toEqual({ topic: 'a/b', partition: 3, first: 17, last: 17 })
  expect(placeOf('a/3/17-20')).toEqual({ topic: 'a', partition: 3, first: 17, last: 20 })
  for (const none of [undefined, '', 'readings.jsonl:17', 'a/3', 'a/x/3']) expect(placeOf(none)).toBeUndefined()
})

test('the headers tell the reason, and the place where it is known', () => {
  const rejected = { kind: 'rejected', time: NaN, reason: 'undecodable', detail: 'd' } as const
  expect(headersOf({ ...rejected, where: 'a/3/17' })).toEqual({ reason: 'undecodable', topic: 'a', partition: '3', offset: '17' })
  expect(headersOf({ ...rejected, where: 'a/3/17-20' })).toEqual({ reason: 'undecodable', topic: 'a', partition: '3', offset: '17-20' })
  expect(headersOf({ ...rejected, reason: 'late', reading: { kind: 'reading', time: 0, machine: 'M', sensor: 'current', value: 1, quality: 'good', origin: { topic: 'a', partition: 1, offset: 2 } } })).toEqual({ reason: 'late', topic: 'a', partition: '1', offset: '2' })
  expect(headersOf(rejected)).toEqual({ reason: 'undecodable' })
})
