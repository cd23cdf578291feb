import { expect, test } from 'vitest'
import { boundsOf } from '../../src/sources/kafka/bounds.js'

const admin = (answer: () => Promise<{ partition: number; offset: string; high: string; low: string }[]>) => ({ fetchTopicOffsets: answer })

test('the first and the next offset of a partition', async () => {
  expect(await boundsOf(admin(async () => [{ partition: 1, offset: '7', high: '7', low: '2' }]), 't', 1)).toEqual({ low: 2, high: 7 })
})

test('a partition without a leader is no empty one: kafkajs leaves it out, or fails where no partition has one', async () => {
  await expect(boundsOf(admin(async () => [{ partition: 0, offset: '7', high: '7', low: '2' }]), 't', 1)).rejects.toMatchObject({ name: 'Interrupted', message: 't/1 has no leader now' })
  await expect(boundsOf(admin(() => Promise.reject(new TypeError("Cannot destructure property 'partitions'"))), 't', 1)).rejects.toMatchObject({ name: 'Interrupted' })
  await expect(boundsOf(admin(() => Promise.reject(new Error('else'))), 't', 1)).rejects.toThrow('else')
})
