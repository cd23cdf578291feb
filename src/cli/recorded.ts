import { existsSync } from 'node:fs'
import { pipe } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Input, Item, Rejected } from '../model/index.js'
import { inOrder, plausible } from '../operators/index.js'
import { run } from '../pipelines/index.js'
import { nameplatesOf } from '../rules/index.js'
import type { Machines } from '../rules/index.js'
import { memorySink } from '../sinks/memory.js'
import { jsonlSource } from '../sources/jsonl.js'
import { duration } from '../time/index.js'
import type { Duration, Timeline } from '../time/index.js'
import { counted } from './counted.js'
import { wrongUse } from './wrong-use.js'

export const A_LATENESS = "a time such as '30s', '5m' or '1h30m'"

const LATENESS = 5_000

export interface Recorded<T> {
  readonly items: readonly (T | Rejected)[]
  /** Lines. */
  readonly readings: number
  readonly ended: boolean
}

/** The one file, or whatever else there are readings in; `verb` is for messages. */
export function recordedInput(files: readonly string[], verb: string): string {
  const [input, ...others] = files
  if (input === undefined) throw wrongUse('it needs readings: a file, a folder, or - for standard input')
  if (others.length > 0) throw wrongUse(`it ${verb} one file, a folder, or - for standard input, and these are ${files.length}: ${files.join(', ')}`)
  return input
}

/** Recorded readings in order of time through a stage; what it makes, and what was rejected. */
export async function recorded<T extends Item>(input: string, stage: (time: Timeline) => OperatorFunction<Item, T | Item>, { lateness, machines }: { readonly lateness: string | undefined; readonly machines: Machines | undefined }): Promise<Recorded<T>> {
  const late = latenessOf(lateness)
  if (input !== '-' && !existsSync(input)) throw wrongUse(`${input}: there is no such file or folder`)
  const sink = memorySink()
  let readings = 0
  const { ended } = await run<Input, Item>({
    source: jsonlSource({ input }),
    pipeline: (time) => pipe(inOrder<Input>({ lateness: late, ahead: Math.max(late, LATENESS) }, time), plausible<Item>(machines === undefined ? {} : { nameplates: nameplatesOf(machines) }), stage(time)),
    sinks: [sink],
    onBatch: ({ items }) => {
      readings += items.length
    },
  })
  return { items: sink.items as readonly (T | Rejected)[], readings, ended }
}

/** What was read, and what of it was not taken in. */
export function readText({ items, readings, ended }: Recorded<Item>): string {
  const rejected = items.filter((item): item is Rejected => item.kind === 'rejected').map(({ reason }) => reason)
  return `${counted(readings, 'line')} read${rejected.length === 0 ? '' : `, ${rejected.length} rejected: ${tally(rejected)}`}${ended ? '' : '; stopped before the end'}`
}

export const tally = (words: readonly string[]): string => [...new Set(words)].map((word) => `${word} ${words.filter((each) => each === word).length}`).join(', ')

function latenessOf(text?: string): number {
  if (text === undefined) return LATENESS
  try {
    return duration(text as Duration)
  } catch {
    throw wrongUse(`--lateness ${text}: expected ${A_LATENESS}`)
  }
}
