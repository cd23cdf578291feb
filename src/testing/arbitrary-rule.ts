import fc from 'fast-check'
import { above, atOrAbove, atOrBelow, below, hysteresis, outside, rule } from '../rules/index.js'
import type { Condition, Rule } from '../rules/index.js'
import type { Duration } from '../time/index.js'

export interface ArbitraryRuleOptions {
  /** Left out: `temperature_coil` and `vibration_rotor`. */
  readonly sensors?: readonly string[]
  /** Of `when`, `clear` and `suppressedBy`; left out: one comparison of a sensor with a number. */
  readonly condition?: fc.Arbitrary<Condition>
  /** With all that a rule may have; left out: no suppression, levels and latch, which are for an operator's commands and for escalation. */
  readonly whole?: boolean
}

const delays = fc.constantFrom<Duration>('5s', '30s', '1m30s', 250, 0)
const severities = fc.constantFrom('low', 'medium', 'high', 'critical')

/** A comparison of a sensor with a number. */
function leaf(sensors: readonly string[]): fc.Arbitrary<Condition> {
  const limit = fc.constantFrom(120, 5, 0, 40.5, -3)
  const sensor = fc.constantFrom(...sensors)
  return fc.oneof(
    fc.tuple(fc.constantFrom(above, below, atOrAbove, atOrBelow), sensor, limit).map(([compare, of, at]) => compare(of, at)),
    fc.tuple(sensor, limit).map(([of, at]) => outside(of, at - 10, at)),
    fc.tuple(sensor, limit, fc.constantFrom(-5, 5)).map(([of, on, by]) => hysteresis(of, { on, off: on + by })),
  )
}

/**
 * Rules with delays, clear conditions, messages and machines. Shrinks to a rule with a condition alone.
 *
 * @example
 * arbitraryRule({ sensors: ['current'] })
 */
export function arbitraryRule({ sensors = ['temperature_coil', 'vibration_rotor'], condition = leaf(sensors), whole = false }: ArbitraryRuleOptions = {}): fc.Arbitrary<Rule> {
  const level = fc.record({ name: fc.constantFrom('alarm', 'trip advice'), when: condition, severity: severities, onDelay: delays, message: fc.constant('{machine}: {value}') }, { requiredKeys: ['name', 'when', 'severity'], noNullPrototype: true })
  const always = {
    id: fc.constantFrom('a', 'hot-coil', 'rule_1.2'),
    when: condition,
    clear: condition,
    severity: severities,
    class: fc.constantFrom('thermal', 'instrument'),
    message: fc.constantFrom('{machine}: {sensor} {value} {unit}, limit {limit}', 'too "hot"'),
    onDelay: delays,
    offDelay: delays,
    machines: fc.constantFrom(['a'], ['a', 'b']),
  }
  const more = { suppressedBy: condition, levels: fc.array(level, { minLength: 1, maxLength: 2 }), latched: fc.constant(true as const) }
  const options = fc.record({ ...always, ...(whole ? more : {}) }, { requiredKeys: ['id', 'when'], noNullPrototype: true })
  return options.map((made) => rule(made))
}
