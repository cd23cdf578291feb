import type { AlarmGroup } from './alarm-group.js'
import type { AlarmMeasures } from './alarm-measures.js'
import type { Alarm } from './alarm.js'
import type { Anomaly } from './anomaly.js'
import type { Answer } from './answer.js'
import type { Command } from './command.js'
import type { Reading } from './reading.js'
import type { Rejected } from './rejected.js'
import type { RulesChanged } from './rules-changed.js'
import type { Rules } from './rules.js'
import type { Snapshot } from './snapshot.js'
import type { Summary } from './summary.js'
import type { Tick } from './tick.js'
import type { Verdict } from './verdict.js'

/** Whatever flows has a kind, and users add their own. */
export interface Item {
  readonly kind: string
}

/** What goes into a pipeline. A `rejected` input is one that its source could not decode; it passes through. */
export type Input = Reading | Command | Rules | Tick | Rejected

export type Output = Input | Summary | Snapshot | Verdict | Alarm | AlarmGroup | AlarmMeasures | Answer | Anomaly | RulesChanged
