import { join } from 'node:path'
import type { RunResult } from 'motorwatch'
import type { Report } from 'motorwatch/sinks/report'
import { besideReport, kept } from './places.js'
import { summaryText } from './summary-text.js'
import { count } from './words.js'

export interface Closing extends RunResult {
  /** Nothing was left to read. */
  readonly idle: boolean
  readonly seen: Report
  /** The first inputs that were not taken in. */
  readonly rejected: readonly string[]
  readonly out?: string | undefined
  readonly report?: string | undefined
}

/** What is printed at the end: how it ended, what was seen, and where it is written. The first line is a title. */
export function closingText({ ended, resumed, idle, seen, rejected, out, report }: Closing): readonly string[] {
  return [
    !ended ? 'Stopped.' : !resumed ? 'The data have ended.' : idle ? 'The data had ended before: nothing was left to do.' : 'Gone on, and the data have ended.',
    ...summaryText(seen),
    ...rejectedText(rejected, seen.rejected, out),
    ...(out === undefined ? [] : [`Written     ${writtenIn(out, report === undefined)}${ended ? '' : '; start again with the same options to go on from here'}`]),
    ...(report === undefined ? [] : [`Report      ${report}${out === undefined ? '' : `; ${besideReport(report)} belongs to it, for a start that goes on`}`]),
    ...(out === undefined && !ended ? ['Nothing was kept: with --out DIR it goes on from here the next time.'] : []),
  ]
}

function rejectedText(first: readonly string[], all: number, out: string | undefined): readonly string[] {
  if (all === 0) return []
  const more = all > first.length ? [`... and ${count(all - first.length)} more`] : []
  const where = out === undefined ? 'with --out DIR they are kept in rejected.jsonl, each with its reason' : `each with its reason in ${kept.rejected}`
  return [...first, [...more, where].join('; ')].map((line, i) => `${i === 0 ? 'Rejected' : ''}`.padEnd(12) + line)
}

function writtenIn(out: string, withReport: boolean): string {
  return `${join(out, kept.alarms)}, ${kept.rejected}, ${kept.lake}/${withReport ? `, ${kept.report}` : ''}`
}
