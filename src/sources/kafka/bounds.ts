import type { Admin } from 'kafkajs'
import { Interrupted } from './interrupted.js'

export interface Bounds {
  /** The first offset that the log still has. */
  readonly low: number
  /** That of what will be written next. */
  readonly high: number
}

/** Of one partition of a topic. While it has no leader, kafkajs leaves it out of its answer, or fails with a TypeError where no partition has one: then this rejects with `Interrupted`. */
export async function boundsOf(admin: Pick<Admin, 'fetchTopicOffsets'>, topic: string, partition: number): Promise<Bounds> {
  const noLeader = (cause?: unknown): Interrupted => new Interrupted(`${topic}/${partition} has no leader now`, { cause })
  const all = await admin.fetchTopicOffsets(topic).catch((error: unknown) => { throw error instanceof TypeError ? noLeader(error) : error })
  const found = all.find((each) => each.partition === partition)
  if (found === undefined) throw noLeader()
  return { low: Number(found.low), high: Number(found.high) }
}
