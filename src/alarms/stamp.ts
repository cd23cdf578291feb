import { earliestTime, endOfTime, formatTimestamp } from '../model/timestamp.js'

/** As text; a time that the wire does not carry, such as a frame of a marble test, as its number. */
export const stamp = (time: number): string => (time >= earliestTime && time < endOfTime ? formatTimestamp(time) : String(time))
