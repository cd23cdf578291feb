import type { Reading } from './reading.js'

export type RejectReason = 'undecodable' | 'late' | 'ahead' | 'duplicate' | 'refused'

/** An input that was not taken in. Nothing is dropped in silence: it is an output, and a dead letter. */
export interface Rejected {
  readonly kind: 'rejected'
  /** Epoch milliseconds of event time of what was rejected; NaN where it had none. */
  readonly time: number
  readonly reason: RejectReason
  /** One line: the field, what came, what was expected. */
  readonly detail: string
  /** Where it came from: `file:line`, or `topic/partition/offset`. */
  readonly where?: string
  /** How late or how far ahead, in milliseconds. */
  readonly by?: number
  readonly reading?: Reading
  /** What came, cut to 1,000 characters, where it could not be decoded. */
  readonly raw?: string
}
