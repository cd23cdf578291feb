import type { OperatorFunction } from 'rxjs'
import type { Item } from '../model/index.js'
import type { AlarmsOptions } from '../operators/index.js'
import type { Rule } from '../rules/index.js'
import type { Timeline } from '../time/index.js'

/** What makes alarms of readings by rules, as `alarms` does. */
export type AlarmsOperator = (rules: readonly Rule[], options: AlarmsOptions, time: Timeline) => OperatorFunction<Item, Item>
