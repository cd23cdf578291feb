import { Subject } from 'rxjs'
import * as E from 'fp-ts/lib/Either.js'
import { decodeItem, decoder, describeRejection } from '../../src/model/index.js'
import type { Input, Output, Rejected } from '../../src/model/index.js'
import { monitor } from '../../src/pipelines/index.js'
import type { MonitorOptions } from '../../src/pipelines/index.js'
import { reference } from '../../src/rules/index.js'
import { byTopic } from '../../src/sources/kafka.js'
import { Timeline } from '../../src/time/index.js'
import type { Message } from '../servers/kafka/topic.js'
import type { JournalEntry } from './count.js'

export interface ReplayOptions {
  readonly topics: readonly string[]
  readonly commands: string
  readonly partition: number
  /** Of this partition, by topic, by offset. */
  readonly messages: ReadonlyMap<string, ReadonlyMap<number, Message>>
  readonly journal: readonly JournalEntry[]
  readonly monitor: MonitorOptions
  readonly onOutput: (item: Output) => void
}

const { decodeLine } = decoder()

/** What one undisturbed pipeline in this process makes of the same input, read in the order that the journal tells. It uses neither source nor sinks nor checkpoints. */
export function replay({ topics, commands, partition, messages, journal, monitor: options, onOutput }: ReplayOptions): void {
  const time = new Timeline()
  const input = new Subject<Input>()
  monitor(reference, { ...byTopic(topics), ...options })(time)(input).subscribe(onOutput)
  const inputOf = (topic: string, { offset, value }: Message): Input => {
    const rejected = (detail: string): Rejected => ({ kind: 'rejected', time: NaN, reason: 'undecodable', detail, where: `${topic}/${partition}/${offset}`, raw: value.slice(0, 1_000) })
    if (topic === commands) {
      const command = decodeItem(JSON.parse(value))
      return E.isRight(command) ? command.right as Input : rejected(command.left)
    }
    const reading = decodeLine(value)
    return E.isRight(reading) ? { ...reading.right, origin: { topic, partition, offset } } : rejected(describeRejection(reading.left))
  }
  const next = new Map<string, number>()
  for (const { runs, ticks = [] } of journal) {
    for (const { time, topic } of ticks) input.next({ kind: 'tick', time, ...(topic === undefined ? {} : { source: topic }) })
    for (const [topic, to] of runs) {
      for (let offset = next.get(topic) ?? 0; offset < to; offset++) {
        const message = messages.get(topic)?.get(offset)
        if (message !== undefined) input.next(inputOf(topic, message))
      }
      next.set(topic, to)
    }
  }
  input.complete()
  time.drain()
}
