import type { FaultKind } from './fault-plan.js'
import type { SensorName } from './instrument.js'

/**
 * What is really the matter with a machine at `time`: emitted when a fault begins, whenever its severity has grown by 0.01, when it fails,
 * and when it is repaired. It goes before the machine's readings of the same time.
 */
export interface Truth {
  readonly kind: 'truth'
  /** Epoch milliseconds. */
  readonly time: number
  readonly machine: string
  readonly fault: FaultKind
  /** The sensor that is at fault; absent where it is the machine. */
  readonly sensor?: SensorName
  /** Epoch milliseconds at which the fault began. */
  readonly onset: number
  /** Epoch milliseconds of functional failure: the planned moment, and the true one once it has come (a thermal protection may trip before). */
  readonly failure: number
  /** 0 to 1, never falling, until the repair puts it to 0: that is a fault's last truth. */
  readonly severity: number
}
