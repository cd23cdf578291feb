import { readFileSync } from 'node:fs'
import { Subject } from 'rxjs'
import * as E from 'fp-ts/lib/Either.js'
import { decoder } from '../../../src/model/index.js'
import type { Input } from '../../../src/model/index.js'
import { monitor } from '../../../src/pipelines/index.js'
import { reference } from '../../../src/rules/index.js'
import { Timeline } from '../../../src/time/index.js'
import { work } from '../kafka/job.js'
import type { Job } from '../kafka/job.js'

/** One measured run, in a process of its own: of a job on servers, or of the lines of a file. */
export type Stage = { readonly job: Job } | { readonly lines: string; readonly alone: 'decoding' | 'pipeline' }

/** In seconds; `processor` of all threads of the process. */
export interface Took {
  readonly readings: number
  readonly wall: number
  readonly processor: number
}

function inMemory(lines: readonly Buffer[], alone: 'decoding' | 'pipeline'): number {
  const { decodeLine } = decoder()
  const input = new Subject<Input>()
  const time = new Timeline()
  if (alone === 'pipeline') monitor(reference)(time)(input).subscribe()
  let count = 0
  for (const line of lines) {
    const reading = decodeLine(line)
    if (E.isLeft(reading)) continue
    count++
    input.next(reading.right)
  }
  input.complete()
  time.drain()
  return count
}

const stage = JSON.parse(process.argv[2] ?? '') as Stage
const lines = 'lines' in stage ? readFileSync(stage.lines, 'utf8').trimEnd().split('\n').map((line) => Buffer.from(line)) : []
const [cpu, began] = [process.cpuUsage(), performance.now()]
let readings = 0
if ('job' in stage) await work(stage.job, new AbortController().signal, { onBatch: (count) => { readings += count } })
else readings = inMemory(lines, stage.alone)
const { user, system } = process.cpuUsage(cpu)
process.send?.({ readings, wall: (performance.now() - began) / 1_000, processor: (user + system) / 1_000_000 } satisfies Took, () => process.exit(0))
