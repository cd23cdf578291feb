import type { Condition } from './condition.js'
import type { Rule } from './rule.js'
import type { Detected, Signal } from './signal.js'

/** What a field of a signal or a condition holds. With `?` it may be left out. */
export type FieldKind =
  | 'signal' | 'signals' | 'two signals' | 'condition' | 'condition?' | 'conditions' | 'duration' | 'number' | 'fraction' | 'count' | 'sensor' | 'text' | 'unit?'
  | 'detector' | 'numbers?' | 'zone' | 'clock' | 'days?' | 'dates?' | 'state' | 'params'

type SignalOp = Extract<Signal, object>['op']

const window = { for: 'duration', of: 'signal' } as const
const machineState = { of: 'signal', off: 'signal', on: 'signal', starting: 'duration', unless: 'condition?' } as const
const limit = { signal: 'signal', limit: 'signal' } as const
const limits = { signal: 'signal', low: 'signal', high: 'signal' } as const

/** The fields of each signal: what is read, written, checked and walked is derived from this table. */
export const signalShapes: Readonly<Record<SignalOp, Readonly<Record<string, FieldKind>>>> = {
  difference: { of: 'two signals' },
  sum: { of: 'signals' },
  product: { of: 'signals' },
  ratio: { of: 'two signals' },
  absolute: { of: 'signal' },
  scaled: { of: 'signal', by: 'number', unit: 'unit?' },
  clamped: { of: 'signal', low: 'number', high: 'number' },
  choice: { when: 'condition', then: 'signal', else: 'signal' },
  meanOver: window,
  minOver: window,
  maxOver: window,
  rmsOver: window,
  deviationOver: window,
  quantileOver: { ...window, q: 'fraction' },
  rate: window,
  ewma: window,
  age: { sensor: 'sensor' },
  timeTo: { ...window, limit: 'signal' },
  i2t: { ...window, rated: 'signal' },
  hours: { when: 'condition' },
  starts: { for: 'duration', when: 'condition' },
  baseline: { ...window, while: 'condition?' },
  machineState,
  timeOfDay: { zone: 'zone' },
  detector: { name: 'detector', of: 'signals', every: 'duration', params: 'numbers?', while: 'condition?', learn: 'condition?' },
  own: { name: 'text', params: 'params', of: 'signals' },
}

/** The fields of each condition. */
export const conditionShapes: Readonly<Record<Condition['op'], Readonly<Record<string, FieldKind>>>> = {
  above: limit,
  below: limit,
  atOrAbove: limit,
  atOrBelow: limit,
  outside: limits,
  inside: limits,
  hysteresis: { signal: 'signal', on: 'number', off: 'number' },
  all: { of: 'conditions' },
  any: { of: 'conditions' },
  not: { of: 'condition' },
  atLeast: { count: 'count', of: 'conditions' },
  heldFor: { for: 'duration', of: 'condition' },
  within: { for: 'duration', of: 'condition' },
  since: { of: 'condition', after: 'condition' },
  missing: { sensor: 'sensor', for: 'duration' },
  stuck: { sensor: 'sensor', for: 'duration' },
  rising: { for: 'duration', signal: 'signal', by: 'signal' },
  followedBy: { first: 'condition', then: 'condition', for: 'duration' },
  state: { is: 'state', ...machineState },
  during: { from: 'clock', to: 'clock', zone: 'zone', days: 'days?', except: 'dates?' },
}

/** The signals and conditions that one is made of, in the order of its fields. */
export function partsOf(of: Signal | Condition): { readonly signals: readonly Signal[]; readonly conditions: readonly Condition[]; readonly sensors: readonly string[] } {
  const signals: Signal[] = []
  const conditions: Condition[] = []
  const sensors: string[] = []
  if (typeof of === 'string') {
    if (!of.startsWith('$')) sensors.push(of)
  } else if (typeof of !== 'number') {
    const shape = (signalShapes as Readonly<Record<string, Readonly<Record<string, FieldKind>>>>)[of.op] ?? conditionShapes[of.op as Condition['op']]
    const fields = of as unknown as Readonly<Record<string, unknown>>
    for (const [name, kind] of Object.entries(shape)) {
      const value = fields[name]
      if (value === undefined) continue
      if (kind === 'signal') signals.push(value as Signal)
      else if (kind === 'signals' || kind === 'two signals') signals.push(...(value as readonly Signal[]))
      else if (kind === 'condition' || kind === 'condition?') conditions.push(value as Condition)
      else if (kind === 'conditions') conditions.push(...(value as readonly Condition[]))
      else if (kind === 'sensor') sensors.push(value as string)
    }
  }
  return { signals, conditions, sensors }
}

/** The sensors that a signal or a condition reads, each once. */
export function sensorsOf(of: Signal | Condition): readonly string[] {
  const { signals, conditions, sensors } = partsOf(of)
  return [...new Set([...sensors, ...signals.flatMap(sensorsOf), ...conditions.flatMap(sensorsOf)])]
}

/** Whether the scores of detectors are all that it hears: between two scores it turns at times of its own only. */
export function hearsScoresAlone(condition: Condition): boolean {
  const { signals, conditions, sensors } = partsOf(condition)
  return sensors.length === 0 && signals.every((of) => typeof of === 'number' || (typeof of === 'string' ? of.startsWith('$') : of.op === 'detector')) && conditions.every(hearsScoresAlone)
}

/** The conditions that a rule is made of. */
export const conditionsOf = ({ when, clear, suppressedBy, levels = [] }: Pick<Rule, 'when' | 'clear' | 'suppressedBy' | 'levels'>): readonly Condition[] =>
  [when, clear, suppressedBy, ...levels.map((level) => level.when)].filter((condition) => condition !== undefined)

/** The detectors that a rule reads, gates and signals of signals included, those of the innermost first. */
export function detectorsIn(rule: Rule): readonly Detected[] {
  const inside = (of: Signal | Condition): readonly Detected[] => {
    const { signals, conditions } = partsOf(of)
    return [...signals.flatMap(inside), ...conditions.flatMap(inside), ...(typeof of === 'object' && of.op === 'detector' ? [of] : [])]
  }
  return conditionsOf(rule).flatMap(inside)
}
