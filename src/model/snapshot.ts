/** All sensors of a machine at one instant. */
export interface Snapshot {
  readonly kind: 'snapshot'
  /** Epoch milliseconds. */
  readonly time: number
  readonly machine: string
  /** The last good value of each sensor that is not stale. */
  readonly values: Readonly<Record<string, number>>
  /** Sensors that were heard of before and have no current good value: stale or suspect. */
  readonly missing: readonly string[]
}
