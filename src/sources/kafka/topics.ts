import type { Admin } from 'kafkajs'

export interface TopicsOptions {
  /** To be read. */
  readonly topics: readonly string[]
  /** To be written: made where they are missing. */
  readonly made: readonly string[]
  /** Make those to be read too, with so many partitions. */
  readonly create: number | undefined
}

/** A week: the journal is read from the newest checkpoint on, and no checkpoint in use is that old. */
const RETENTION = String(7 * 86_400_000)

/** How many partitions each topic has. Those to be read, and the first of those to be written, have the same number; rejects where they have not. */
export async function topicsOf(admin: Admin, { topics, made, create }: TopicsOptions): Promise<ReadonlyMap<string, number>> {
  const there = new Set(await admin.listTopics())
  const missing = topics.filter((topic) => !there.has(topic))
  if (missing.length > 0 && create === undefined) throw new Error(`kafka source: there is no topic ${missing.join(', ')}. Make it, with as many partitions as the others, or let it be made: \`create: { partitions: 6 }\``)
  const make = async (names: readonly string[], numPartitions: number): Promise<void> => {
    if (names.length > 0) await admin.createTopics({ waitForLeaders: true, topics: names.map((topic) => ({ topic, numPartitions, configEntries: topic === made[0] ? [{ name: 'retention.ms', value: RETENTION }] : [] })) })
  }
  const count = async (names: readonly string[]): Promise<readonly (readonly [string, number])[]> =>
    (await admin.fetchTopicMetadata({ topics: [...names] })).topics.map(({ name, partitions }) => [name, partitions.length] as const)
  await make(missing, create ?? 1)
  const read = await count(topics)
  const most = Math.max(...read.map(([, partitions]) => partitions))
  await make(made.filter((topic) => !there.has(topic)), most)
  const written = await count(made)
  const unlike = [...read, ...written.slice(0, 1)].filter(([, partitions]) => partitions !== most)
  if (unlike.length > 0) throw new Error(`kafka source: topics that are read together must have the same number of partitions: ${[...read, ...written.slice(0, 1)].map(([name, partitions]) => `${name} has ${partitions}`).join(', ')}. Add partitions to the smaller ones, and move the machines' data with them, or read them apart`)
  return new Map([...read, ...written])
}
