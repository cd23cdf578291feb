import type { Admin } from 'kafkajs'

const PATIENCE = 30_000

/** Makes these topics, and waits until each of their partitions has a leader; not by kafkajs's `waitForLeaders`, which fails at random on a cluster. One that another has made meanwhile is well too. */
export async function makeTopics(admin: Admin, names: readonly string[], numPartitions: number, config: Readonly<Record<string, string>> = {}): Promise<void> {
  if (names.length === 0) return
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }))
  await admin.createTopics({ waitForLeaders: false, topics: names.map((topic) => ({ topic, numPartitions, configEntries })) })
  for (const until = Date.now() + PATIENCE; !(await areLed(admin, names)); ) {
    if (Date.now() > until) throw new Error(`kafka: ${names.join(', ')} ${names.length > 1 ? 'have' : 'has'} been made, and no broker leads all partitions yet: is the cluster well?`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function areLed(admin: Admin, names: readonly string[]): Promise<boolean> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [...names] })
    return topics.length === names.length && topics.every(({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0))
  } catch {
    return false
  }
}
