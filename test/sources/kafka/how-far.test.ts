import type { Admin } from 'kafkajs'
import { expect, test } from 'vitest'
import { howFar } from '../../../src/sources/kafka/how-far.js'

const bounds: Readonly<Record<string, readonly (readonly [low: number, high: number])[]>> = { events: [[0, 10], [4, 4]], answers: [[0, 0], [0, 2]], sensors: [[0, 100], [50, 60]] }
const admin = {
  fetchTopicOffsets: async (topic: string) => bounds[topic]!.map(([low, high], partition) => ({ partition, offset: String(high), low: String(low), high: String(high) })),
  fetchOffsets: async () => [{ topic: 'sensors', partitions: [{ partition: 0, offset: '93' }, { partition: 1, offset: '-1' }] }],
  describeGroups: async (names: readonly string[]) => ({ groups: names.map((groupId) => ({ groupId, members: groupId === 'workers' ? [{}, {}] : [{}] })) }),
} as unknown as Admin
const of = (seen: readonly (readonly [string, number])[]) => howFar(admin, { results: ['events', 'answers'], topics: ['sensors'], group: 'workers', own: 'mine', seen: new Map(seen) })

test('tells what is left to be read, and what workers have not judged: all that is retained where they have committed nothing', async () => {
  expect(await of([['events/0', 7], ['answers/1', 2]])).toEqual({ left: 3, behind: 7 + 10, workers: 2, cut: true, ends: new Map([['events/0', 10], ['events/1', 0], ['answers/0', 0], ['answers/1', 2]]) })
  expect(await of([['events/0', 10], ['answers/1', 2]])).toMatchObject({ left: 0 })
})

test('tells a partition of which more was read than there is', async () => {
  expect(await of([['events/0', 11], ['answers/1', 1]])).toMatchObject({ left: 1, ahead: 'events/0' })
})
