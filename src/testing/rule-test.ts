import type { Machine, Rule } from '../rules/index.js'
import type { Duration } from '../time/index.js'

/** What rules should say of readings: plain data, in TypeScript and in JSON. */
export interface RuleTest {
  readonly name?: string
  /** Left out: those that it is run with. */
  readonly rules?: readonly Rule[]
  /** Whose readings they are: a name, or what is known of it, for `$ratedCurrent` in rules. Left out: `m1`. */
  readonly machine?: string | Machine
  /** A sensor's last value is unknown after this long; left out: 1 minute. */
  readonly stale?: Duration
  /** For each sensor its readings from the beginning on, as `readSeries` reads them: `{ temperature_coil: '5s: 10x61 20x121' }`. */
  readonly given: Readonly<Record<string, string>>
  /** The same for other machines, by name. Nothing is expected of them. */
  readonly others?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly expect: readonly Expectation[]
}

/** What a rule should say at a moment, when the readings of that moment are in. */
export interface Expectation {
  /** From the beginning on: `'2m'`. */
  readonly at: Duration
  /** Its id. */
  readonly rule: string
  readonly state: RuleState
  /** How far the condition, without the delays in front of it, is from turning: value less limit. Compared to 9 decimals. */
  readonly margin?: number
  /** Of the alarm's last transition. */
  readonly message?: string
}

/**
 * - `raised`: the alarm stands.
 * - `pending`: it does not, and the condition holds: its delay runs. The condition is `when` without the `heldFor` in front of it.
 * - `normal`: it does not stand, and the condition is known not to hold.
 * - `unknown`: it does not stand, and the condition is unknown.
 */
export type RuleState = 'raised' | 'pending' | 'normal' | 'unknown'
