import type { AlarmClass } from './alarm.js'
import type { Reading } from './reading.js'

/** A reading that, alone, lies beyond a limit; whatever delays its rule has, and suspect or not. */
export interface Anomaly {
  readonly kind: 'anomaly'
  readonly time: number
  readonly machine: string
  readonly reading: Reading
  readonly classes: readonly AlarmClass[]
}
