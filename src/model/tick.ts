/** Says that time has come this far though nothing was read: a reading that concerns no machine. */
export interface Tick {
  readonly kind: 'tick'
  /** Epoch milliseconds. */
  readonly time: number
  /** Of this partition of the source alone; absent: of all. */
  readonly source?: string
}
