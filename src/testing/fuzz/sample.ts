/** One reading of a stream that is tried. `at`: milliseconds from its beginning. */
export interface Sample {
  readonly at: number
  readonly machine: string
  readonly sensor: string
  readonly value: number
  readonly suspect: boolean
}
