import type { AlarmTargets } from '../model/index.js'
import type { Duration } from '../time/index.js'

/** What counts as chattering, fleeting, standing and a flood, and what to aim for. */
export interface AlarmPractice {
  /** One rule on one machine, raised `count` times or more within so long. */
  readonly chattering: { readonly count: number; readonly within: Duration }
  /** An occurrence shorter than this. */
  readonly fleeting: Duration
  /** An occurrence that has stood for this long. The standards call it stale; here stale is said of data only. */
  readonly standing: Duration
  /** Begins with more than `above` raised within so long, and ends with fewer than `below`. */
  readonly flood: { readonly above: number; readonly below: number; readonly within: Duration }
  readonly targets: AlarmTargets
}

/**
 * The numbers of alarm management that go by the names of ISA-18.2, IEC 62682 and EEMUA 191. Second-hand: no text of a standard was at hand, and which number stands in which of them was not looked up.
 * Every operator that uses one lets you say another.
 */
export const alarmPractice: AlarmPractice = {
  chattering: { count: 3, within: '1m' },
  fleeting: '1m',
  standing: '24h',
  flood: { above: 10, below: 5, within: '10m' },
  targets: { perDay: 150, flood: 0.01, mix: { low: 0.8, medium: 0.15, high: 0.05 } },
}
