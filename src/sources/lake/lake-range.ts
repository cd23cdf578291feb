/** A stretch of event time, in epoch milliseconds: `[from, until)`. */
export interface LakeRange {
  /** Absent: from the first reading. */
  readonly from?: number
  /** Absent: to the last one. */
  readonly until?: number
}
