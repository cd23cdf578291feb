import type { Admin } from 'kafkajs'
import { Interrupted } from './interrupted.js'

export interface Bounds {
  /** The first offset that the log still has. */
  readonly low: number
  /** That of what will be written next. */
  readonly high: number
}

/** What there is of a topic now, by partition. kafkajs leaves out a partition that has no leader, and fails with a TypeError where none has one: then this rejects with `Interrupted`. */
export async function topicBounds(admin: Pick<Admin, 'fetchTopicOffsets'>, topic: string): Promise<ReadonlyMap<number, Bounds>> {
  const all = await admin.fetchTopicOffsets(topic).catch((error: unknown) => { throw error instanceof TypeError ? new Interrupted(`${topic} has no leader now`, { cause: error }) : error })
  return new Map(all.map(({ partition, low, high }) => [partition, { low: Number(low), high: Number(high) }]))
}
