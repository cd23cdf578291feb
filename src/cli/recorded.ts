import { filter, pipe } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Input, Item, Rejected } from '../model/index.js'
import { inOrder, plausible } from '../operators/index.js'
import { run } from '../pipelines/index.js'
import { nameplatesOf } from '../rules/index.js'
import type { Machines } from '../rules/index.js'
import { memorySink } from '../sinks/memory.js'
import type { Timeline } from '../time/index.js'
import { counted } from './counted.js'
import { isWithin } from './recording.js'
import type { Recording } from './recording.js'
import { sourceOf } from './source-of.js'

const LEAST_AHEAD = 5_000

export interface Recorded<T> {
  readonly items: readonly (T | Rejected)[]
  /** Of what was read: lines of a file, readings of a lake. */
  readonly what: 'line' | 'reading'
  readonly count: number
  /** How many of them lay beside the time that was asked for. */
  readonly beside: number
  readonly ended: boolean
}

/** Recorded readings in order of time through a stage; what it makes, and what was rejected. */
export async function recorded<T extends Item>(recording: Recording, stage: (time: Timeline) => OperatorFunction<Item, T | Item>, machines: Machines | undefined): Promise<Recorded<T>> {
  const { lateness, range } = recording
  const { what, source } = await sourceOf(recording)
  const sink = memorySink()
  let [count, beside] = [0, 0]
  const wanted = (item: Input): boolean => {
    if (item.kind !== 'reading' || isWithin(range, item.time)) return true
    beside++
    return false
  }
  const { ended } = await run<Input, Item>({
    source,
    pipeline: (time) => pipe(filter(wanted), inOrder<Input>({ lateness, ahead: Math.max(lateness, LEAST_AHEAD) }, time), plausible<Item>(machines === undefined ? {} : { nameplates: nameplatesOf(machines) }), stage(time)),
    sinks: [sink],
    onBatch: ({ items }) => {
      count += items.length
    },
  })
  return { items: sink.items as readonly (T | Rejected)[], what, count, beside, ended }
}

/** What was read, and what of it was not taken in; of what could not be read at all, the first is named. */
export function readText({ items, what, count, beside, ended }: Recorded<Item>): string {
  const rejected = items.filter((item): item is Rejected => item.kind === 'rejected')
  const unread = rejected.find(({ reason }) => reason === 'undecodable')
  return [
    `${counted(count, what)} read${beside === 0 ? '' : `, ${beside} outside --from and --until`}${rejected.length === 0 ? '' : `, ${rejected.length} rejected: ${tally(rejected.map(({ reason }) => reason))}`}${ended ? '' : '; stopped before the end'}`,
    ...(unread === undefined ? [] : [`the first that is undecodable: ${unread.where}: ${unread.detail}`]),
  ].join('\n')
}

export const tally = (words: readonly string[]): string => [...new Set(words)].map((word) => `${word} ${words.filter((each) => each === word).length}`).join(', ')
