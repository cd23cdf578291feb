import type { Admin } from 'kafkajs'
import { makeTopics } from '../../kafka/make-topics.js'

export interface TopicsOptions {
  /** To be read. */
  readonly topics: readonly string[]
  /** Read beside them with the same number of partitions, and made where they are missing; the first is the journal. */
  readonly like: readonly string[]
  /** To be written: made where they are missing. */
  readonly made: readonly string[]
  /** Make those to be read too, with so many partitions. */
  readonly create: number | undefined
}

/** A week: the journal is read from the newest checkpoint on, and no checkpoint in use is that old. */
const RETENTION = String(7 * 86_400_000)

/** How many partitions each topic has. */
export const countsOf = async (admin: Admin, topics: readonly string[]): Promise<readonly (readonly [string, number])[]> =>
  (await admin.fetchTopicMetadata({ topics: [...topics] })).topics.map(({ name, partitions }) => [name, partitions.length] as const)

/** How many partitions each topic has. Rejects where one to be read is missing, or has another number of them than the others. */
export async function topicsOf(admin: Admin, { topics, like, made, create }: TopicsOptions): Promise<ReadonlyMap<string, number>> {
  const there = new Set(await admin.listTopics())
  const missing = topics.filter((topic) => !there.has(topic))
  if (missing.length > 0 && create === undefined) throw new Error(`kafka source: there is no topic ${missing.join(', ')}. Make it, with as many partitions as the others, or let it be made: \`create: { partitions: 6 }\``)
  await makeTopics(admin, missing, create ?? 1)
  const most = Math.max(...(await countsOf(admin, topics)).map(([, partitions]) => partitions))
  const absent = (names: readonly string[]): readonly string[] => names.filter((topic) => !there.has(topic))
  await makeTopics(admin, absent(like.slice(0, 1)), most, { 'retention.ms': RETENTION })
  await makeTopics(admin, absent([...like.slice(1), ...made]), most)
  const read = await countsOf(admin, [...topics, ...like])
  if (read.some(([, partitions]) => partitions !== most))
    throw new Error(`kafka source: topics that are read together must have the same number of partitions: ${read.map(([name, partitions]) => `${name} has ${partitions}`).join(', ')}. Add partitions to the smaller ones, and move the machines' data with them, or read them apart`)
  return new Map([...read, ...(await countsOf(admin, made))])
}
