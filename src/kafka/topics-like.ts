import { connectKafka } from './connect.js'
import type { KafkaConnection } from './client.js'

/**
 * The topics that there are now whose whole names match, in the order of their names: for `kafkaSource({ topics })` and `byTopic`, which must be given the same.
 * Another topic that matches later is not read until a worker is started anew; and that is then refused the checkpoints of the others, until they begin again (`rewindPartitions`).
 * Rejects where none matches, and as `checkKafka` does.
 *
 * @example
 * const topics = await kafkaTopics({ brokers: ['localhost:9092'] }, /sensor_\w+_stream/)
 * kafkaSource({ brokers: ['localhost:9092'], topics })
 */
export async function kafkaTopics(connection: KafkaConnection, pattern: RegExp): Promise<readonly string[]> {
  const { admin } = await connectKafka(connection)
  const all = await admin.listTopics().finally(() => admin.disconnect())
  const whole = new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace(/[gy]/g, ''))
  const found = all.filter((topic) => !topic.startsWith('__') && whole.test(topic)).sort()
  if (found.length === 0) throw new Error(`kafka: no topic matches ${String(pattern)}; there are ${all.filter((topic) => !topic.startsWith('__')).sort().join(', ') || 'none'}`)
  return found
}
