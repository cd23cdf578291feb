import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { monitor, run } from 'motorwatch/pipelines'
import { reference } from 'motorwatch/rules'
import { jsonlSink } from 'motorwatch/sinks/jsonl'
import { parquetSink } from 'motorwatch/sinks/parquet'
import { jsonlSource } from 'motorwatch/sources/jsonl'
import { killAt } from './kill-at.js'
import type { Moment } from './kill-at.js'
import { paceOf } from './pace.js'
import { delayed } from './rules.js'

export interface Work {
  readonly input: string
  readonly rules: 'reference' | 'delayed'
  readonly speed: number | 'max'
  readonly dir: string
  /** Rows of an object. */
  readonly rows: number
  /** Milliseconds from one checkpoint to the next. */
  readonly every: number
  /** It dies at the first such moment at which this part of the input has been read. */
  readonly kill?: { readonly moment: Moment; readonly after: number }
}

const { input, rules, speed, dir, rows, every, kill } = JSON.parse(process.argv[2] ?? '') as Work

let progress = 0
let batches = 0
/** The number of the first line that was handed over. */
let first: number | undefined
const pace = paceOf(speed)
if (kill !== undefined) killAt(kill.moment, () => progress >= kill.after)

const { ended, resumed } = await run({
  source: jsonlSource({ input, speed }),
  pipeline: monitor(rules === 'reference' ? reference : delayed),
  sinks: [
    jsonlSink({ path: join(dir, 'alarms.jsonl'), kinds: ['alarm'] }),
    jsonlSink({ path: join(dir, 'summaries.jsonl'), kinds: ['summary'] }),
    jsonlSink({ path: join(dir, 'rejected.jsonl'), kinds: ['rejected'] }),
    parquetSink({ dir: join(dir, 'lake'), kinds: ['reading', 'summary', 'alarm'], rows }),
  ],
  checkpoints: { store: join(dir, 'checkpoints'), every },
  onBatch: (batch) => {
    batches++
    if (first === undefined) writeSync(1, `first ${(first = (batch.position as { line: number }).line - batch.items.length)}\n`)
    for (const { time } of batch.items) pace.take(time)
    if (batch.progress === progress) return
    progress = batch.progress ?? 0
    writeSync(1, `progress ${progress}\nahead ${pace.ahead()}\n`)
  },
})
writeSync(1, `done ${JSON.stringify({ ended, resumed, batches })}\n`)
