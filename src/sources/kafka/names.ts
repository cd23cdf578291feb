import type { Item } from '../../model/index.js'
import { seedTopics } from '../../kafka/seed.js'
import type { KafkaSourceOptions } from '../kafka.js'

/** What a source reads, for whom, and what it writes that down in. */
export interface KafkaNames {
  /** Of the source, in checkpoints. */
  readonly name: string
  /** All that it reads side by side. */
  readonly topics: readonly string[]
  /** Those of them whose data have a time. */
  readonly timed: readonly string[]
  readonly group: string
  readonly journal: string
}

export function namesOf<T extends Item>({ topics: timed = seedTopics, commands, group, ...options }: Pick<KafkaSourceOptions<T>, 'topics' | 'commands' | 'group' | 'journal'>): KafkaNames {
  const topics = commands === undefined ? timed : [...timed, commands]
  return { name: `kafka:${topics.join(',')}`, topics, timed, group: group ?? 'anomaly_detector', journal: options.journal ?? (group === undefined ? 'motorwatch_journal' : `motorwatch_journal_${group}`) }
}
