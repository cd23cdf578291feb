import { tzOffset } from '@date-fns/tz'
import type { Severity } from '../../model/index.js'
import { show } from '../../model/show.js'

export interface QuietHours {
  /** As a clock on the wall shows it: `'22:00'`. The minute itself is quiet. */
  readonly from: string
  /** This minute is not quiet any more. Earlier than `from`: on the next day. */
  readonly to: string
  /** The plant's time zone: an IANA name, such as `'Asia/Jakarta'`. */
  readonly zone: string
  /** What is told all the same; left out: `['critical']`. */
  readonly urgent?: readonly Severity[]
}

export const MINUTE = 60_000
const DAY = 24 * 60

const minutesOf = (name: string, text: string): number => {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? []
  if (hours === undefined) throw new RangeError(`quiet.${name}: got ${show(text)}, expected a time of day such as '22:00'`)
  return Number(hours) * 60 + Number(minutes)
}

/** Whether an alarm of a severity is to wait. Throws a RangeError for what is no time of day, no zone, or no span. */
export function quietHours({ from, to, zone, urgent = ['critical'] }: QuietHours): (now: number, severity: Severity) => boolean {
  const [begin, end] = [minutesOf('from', from), minutesOf('to', to)]
  if (begin === end) throw new RangeError(`quiet: got ${show(from)} for both from and to, expected two times of day`)
  if (Number.isNaN(tzOffset(zone, new Date(0)))) throw new RangeError(`quiet.zone: got ${show(zone)}, expected an IANA name such as 'Asia/Jakarta'`)
  return (now, severity) => {
    if (urgent.includes(severity)) return false
    const local = Math.floor(now / MINUTE) + tzOffset(zone, new Date(now))
    const minute = ((local % DAY) + DAY) % DAY
    return begin < end ? minute >= begin && minute < end : minute >= begin || minute < end
  }
}
