import type { Admin } from 'kafkajs'
import { Interrupted } from '../../kafka/interrupted.js'
import { topicBounds } from '../../kafka/topic-bounds.js'
import type { Bounds } from '../../kafka/topic-bounds.js'

/** Of one partition of a topic. While it has no leader, this rejects with `Interrupted`. */
export async function boundsOf(admin: Pick<Admin, 'fetchTopicOffsets'>, topic: string, partition: number): Promise<Bounds> {
  const found = (await topicBounds(admin, topic)).get(partition)
  if (found === undefined) throw new Interrupted(`${topic}/${partition} has no leader now`)
  return found
}
