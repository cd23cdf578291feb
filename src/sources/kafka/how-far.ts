import type { Admin } from 'kafkajs'
import { topicBounds } from '../../kafka/topic-bounds.js'

export interface HowFarOptions {
  /** What workers write. */
  readonly results: readonly string[]
  /** What they read. */
  readonly topics: readonly string[]
  readonly group: string
  /** The group of whoever asks. Asked for too: whoever may not see it may not join it. */
  readonly own: string
  /** By topic and partition of the results, the offset behind all that was read. */
  readonly seen: ReadonlyMap<string, number>
}

export interface HowFar {
  /** Messages of the results that are still to be read. */
  readonly left: number
  /** Messages of the topics that no worker has judged yet. */
  readonly behind: number
  /** How many there are in the group. One that was killed counts for some seconds more. */
  readonly workers: number
  /** The results no longer hold their beginning. */
  readonly cut: boolean
  /** By topic and partition of the results, where they end. */
  readonly ends: ReadonlyMap<string, number>
  /** A partition of the results of which more was read than there is. */
  readonly ahead?: string
}

/** How far the workers of a group are, and how far what they write has been read. */
export async function howFar(admin: Pick<Admin, 'fetchTopicOffsets' | 'fetchOffsets' | 'describeGroups'>, { results, topics, group, own, seen }: HowFarOptions): Promise<HowFar> {
  let [left, behind, cut] = [0, 0, false]
  const ends = new Map<string, number>()
  let ahead: string | undefined
  for (const topic of results)
    for (const [partition, { low, high }] of await topicBounds(admin, topic)) {
      const place = `${topic}/${partition}`
      const at = Math.max(low, seen.get(place) ?? 0)
      if (at > high) ahead = place
      // What was there is gone by now, where it lay before the first that is.
      ends.set(place, high > low ? high : 0)
      left += Math.max(0, high - at)
      cut ||= low > 0
    }
  const { groups } = await admin.describeGroups([group, own])
  const committed = await admin.fetchOffsets({ groupId: group, topics: [...topics] })
  for (const topic of topics) {
    const offsets = new Map(committed.find((each) => each.topic === topic)?.partitions.map(({ partition, offset }) => [partition, Number(offset)]))
    for (const [partition, { low, high }] of await topicBounds(admin, topic)) behind += Math.max(0, high - Math.max(low, offsets.get(partition) ?? 0))
  }
  return { left, behind, cut, ends, workers: groups.find(({ groupId }) => groupId === group)?.members.length ?? 0, ...(ahead === undefined ? {} : { ahead }) }
}
