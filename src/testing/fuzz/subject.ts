import type { AlarmsOptions } from '../../operators/index.js'
import { machines, sensorsOf } from '../../rules/index.js'
import type { Condition, Machine, OwnSignals, Rule } from '../../rules/index.js'
import { duration } from '../../time/index.js'
import type { Duration } from '../../time/index.js'
import type { AlarmsOperator } from '../alarms-operator.js'
import { derivedRanges } from './derived-ranges.js'
import type { Direction, Range } from './derived-ranges.js'

export interface FuzzProperties {
  /** For each sensor that the rule reads; what is left out is derived from the rule's own limits, where a comparison of one sensor with a number is all there is. */
  readonly sensors?: Readonly<Record<string, SensorRanges>>
  /** From when all sensors are clearly outside; left out: the rule's own delays, where it waits for nothing else. */
  readonly within?: Duration
  /** Left out: the first of those that the rule is for, or `m1`. */
  readonly machine?: string | Machine
  /** A sensor's last value is unknown after this long; left out: 1 minute. */
  readonly stale?: Duration
  /** Of the rule's own signals. */
  readonly signals?: OwnSignals
  /** Streams for each property; left out: 1,000. */
  readonly numRuns?: number
  /** Another one, other streams; left out: another one each time. */
  readonly seed?: number
}

export interface SensorRanges {
  /** Both ends included. With all sensors in it the rule must not fire. */
  readonly safe?: Range
  /** One range, or one on each side. With all sensors in theirs the rule must fire. */
  readonly outside?: Range | readonly Range[]
  /** Which way is worse. */
  readonly worse?: Direction
}

export interface FuzzedSensor {
  readonly name: string
  readonly safe?: Range
  /** What is safe, less a hundredth at each end: of the ends themselves `safe` speaks alone. */
  readonly calm?: Range
  readonly outside?: readonly Range[]
  readonly worse?: Direction
}

/** A rule, what makes alarms of it, and what is known of both. Times are in milliseconds. */
export interface Subject {
  readonly rule: Rule
  readonly machine: Machine
  readonly properties: FuzzProperties
  readonly operator: AlarmsOperator
  readonly options: AlarmsOptions
  readonly sensors: readonly FuzzedSensor[]
  readonly stale: number
}

export function subjectOf(rule: Rule, properties: FuzzProperties, operator: AlarmsOperator): Subject {
  const machine = typeof properties.machine === 'object' ? properties.machine : { id: properties.machine ?? rule.machines?.[0] ?? 'm1' }
  const read = [...new Set([rule.when, rule.clear, rule.suppressedBy].flatMap((condition: Condition | undefined) => (condition === undefined ? [] : sensorsOf(condition))))]
  for (const name of Object.keys(properties.sensors ?? {})) if (!read.includes(name)) throw new RangeError(`the rule '${rule.id}' does not read '${name}': it reads ${read.join(', ')}`)
  const derived = derivedRanges(rule, machine)
  const { stale = '1m', signals } = properties
  return {
    rule,
    machine,
    properties,
    operator,
    options: { machines: machines(machine), stale, ...(signals === undefined ? {} : { signals }) },
    sensors: read.map((name): FuzzedSensor => {
      const given = properties.sensors?.[name]
      const own = derived.get(name)
      const safe = given?.safe ?? own?.safe
      const outside = given?.outside === undefined ? own?.outside : list(given.outside)
      const worse = given?.worse ?? own?.worse
      for (const range of [...(safe === undefined ? [] : [safe]), ...(outside ?? [])]) if (!(range[0] <= range[1] && range[1] - range[0] < Infinity)) throw new RangeError(`${name}: ${JSON.stringify(range)} is no range: expected [low, high] with low <= high`)
      return { name, ...(safe === undefined ? {} : { safe, calm: within(safe) }), ...(outside === undefined ? {} : { outside }), ...(worse === undefined ? {} : { worse }) }
    }),
    stale: duration(stale),
  }
}

const within = ([low, high]: Range): Range => [low + (high - low) / 100, high - (high - low) / 100]

const list = (outside: Range | readonly Range[]): readonly Range[] => (typeof outside[0] === 'number' ? [outside as Range] : (outside as readonly Range[]))

