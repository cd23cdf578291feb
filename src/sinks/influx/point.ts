/** A point of InfluxDB. Its series is measurement and tags; what can change when it is written again belongs in the fields. */
export interface Point {
  readonly measurement: string
  /** What it is of. One that is undefined or empty is left out: line protocol has no empty tags. */
  readonly tags: Readonly<Record<string, string | undefined>>
  /** Numbers are written as floats. One that is undefined, NaN or infinite is left out; a point of which nothing is left is not written. */
  readonly fields: Readonly<Record<string, number | string | boolean | undefined>>
  /** Epoch milliseconds; fractions are kept. */
  readonly time: number
  /**
   * What becomes of two points of one series and time. Absent: the later one replaces the earlier, field by field.
   * `order`: both are kept, a nanosecond apart, in the order in which they come; what comes behind the time of another such point goes by `content`.
   * `content`: both are kept where their fields differ, at nanoseconds that depend on those fields alone; for what comes in no order.
   */
  readonly apart?: 'order' | 'content'
}
