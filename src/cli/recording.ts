import { parseTimestamp } from '../model/index.js'
import { expectedTimestamp } from '../model/timestamp.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import { withoutUser } from './without-user.js'
import { wrongUse } from './wrong-use.js'

/** Where recorded readings are, and which of them are meant. */
export interface Recording {
  /** A file, a folder, `-` for standard input, or `s3://...`. */
  readonly input: string
  /** Milliseconds. */
  readonly lateness: number
  readonly range: Range
}

/** Epoch milliseconds: `[from, until)`. */
interface Range {
  readonly from?: number
  readonly until?: number
}

const A_TIME = 'a time such as 2026-01-05T06:00:00Z'

/** The options that commands have for their readings. */
export const recordingOptions = { lateness: "a time such as '30s', '5m' or '1h30m'", from: A_TIME, until: A_TIME } as const

/** The line of a command's help that tells of the same in brief. */
export const RECORDING_USAGE = '[--from TIME] [--until TIME] [--lateness TIME]'

/** What they are, for a command's help. */
export const recordingHelp = {
  file: `  FILE        readings as lines of JSON, plain or .gz; a folder's files by name; - is standard input. Or a lake in Parquet: its folder,
              or s3://BUCKET/PREFIX, with MOTORWATCH_S3_ENDPOINT, MOTORWATCH_S3_ACCESS_KEY and MOTORWATCH_S3_SECRET_KEY set`,
  options: `  --from      only readings of this time or later, such as 2026-01-05T06:00:00Z; of a lake no others are looked at
  --until     only readings from before this time
  --lateness  how much later than others a reading may come, such as 30s; left out: 5s. What comes later is rejected`,
} as const

/** The one file, or whatever else there are readings in; `verb` is for messages. */
export function recordingOf(files: readonly string[], verb: string, { lateness = '5s', from, until }: Readonly<Partial<Record<keyof typeof recordingOptions, string>>>): Recording {
  const [input, ...others] = files
  if (input === undefined) throw wrongUse('it needs readings: a file, a folder, s3://BUCKET/PREFIX, or - for standard input')
  if (others.length > 0) throw wrongUse(`it ${verb} one file, a folder, s3://BUCKET/PREFIX, or - for standard input, and these are ${files.length}: ${files.map(withoutUser).join(', ')}`)
  const range = { ...(from === undefined ? {} : { from: timeOf('from', from) }), ...(until === undefined ? {} : { until: timeOf('until', until) }) }
  if (range.from !== undefined && range.until !== undefined && range.from >= range.until) throw wrongUse(`--from ${from} is not before --until ${until}`)
  return { input, lateness: latenessOf(lateness), range }
}

export const isWithin = ({ from = -Infinity, until = Infinity }: Range, time: number): boolean => time >= from && time < until

function timeOf(name: string, text: string): number {
  const time = parseTimestamp(text)
  if (Number.isNaN(time)) throw wrongUse(`--${name} ${text}: expected ${expectedTimestamp(text)}`)
  return time
}

function latenessOf(text: string): number {
  try {
    return duration(text as Duration)
  } catch {
    throw wrongUse(`--lateness ${text}: expected ${recordingOptions.lateness}`)
  }
}
