/** `suspect`: implausible for the instrument that sent it. It is kept and shown, and is unknown to process rules. */
export type Quality = 'good' | 'suspect'

/** Where in a log something stands. */
export interface Origin {
  readonly topic: string
  readonly partition: number
  /** A whole number below 2^53. */
  readonly offset: number
}

/** One value of one sensor of one machine. */
export interface Reading {
  readonly kind: 'reading'
  /** Epoch milliseconds; fractions are kept. */
  readonly time: number
  readonly machine: string
  readonly sensor: string
  /** Always finite, in the sensor's canonical unit. */
  readonly value: number
  /** The canonical unit; absent where the sender named none and it was assumed. */
  readonly unit?: string
  readonly quality: Quality
  /** Absent where it was not read from a log. */
  readonly origin?: Origin
}
