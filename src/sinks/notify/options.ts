import type { Waiting } from '../../net/waiting.js'
import type { Duration } from '../../time/duration.js'
import type { GroupLabel, Message } from './notification.js'
import type { QuietHours } from './quiet-hours.js'

/** Times that are left out are those of Alertmanager. */
export interface GroupOptions {
  /** Alarms that are alike in all of these are told together; none: all alarms are. */
  readonly by: readonly GroupLabel[]
  /** How long a group waits for what comes along with its first alarm; left out: 30 seconds. */
  readonly wait?: Duration
  /** How long it waits before it is told of again; left out: 5 minutes. */
  readonly interval?: Duration
}

/** What all sinks that tell of alarms have in common, but for that of Alertmanager. */
export interface NotifyOptions {
  /** Left out: each alarm is told by itself, at once. */
  readonly group?: GroupOptions
  /** What still stands and nobody has acknowledged is told again after so long; left out: 4 hours. `Infinity`: it is not. */
  readonly repeat?: Duration
  /** When only what is urgent is told, and all else waits. */
  readonly quiet?: QuietHours
  /**
   * What is older than so long by the wall clock is not told as if it were of now: `1d` for a plant that runs. Left out: all is told as it comes, whatever its age.
   * Where it is over, and the target was not told that it fires, it is not told, and a warning says how many there were; where it stands when the pipeline has caught up, it is told then, with its own time. What was told as firing is told as resolved at any age.
   */
  readonly maxAge?: Duration
  /** A file, for this sink alone, of what has been told: a run that goes on from a checkpoint does not tell it again. Left out: what was told since the checkpoint is told again, under the same keys. */
  readonly log?: string
  /** Told at each attempt that fails in passing, and with undefined when the target is back. Left out: a warning when it begins. */
  readonly onWaiting?: (waiting: Waiting | undefined) => void
  /** Told of what the target will not take, and why; it is not tried again. Left out: a warning. */
  readonly onRefused?: (message: Message, why: string) => void
}
