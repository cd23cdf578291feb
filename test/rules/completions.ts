import type { Condition, Signal } from 'motorwatch/rules'
import { duration } from 'motorwatch/time'

/** Values of each sensor on whole seconds, `history` of them before the first; NaN: unknown. */
export type Trace = Readonly<Record<string, readonly number[]>>

/** A condition over a trace without anything unknown, by its definition, two-valued. `at` counts from the beginning of the trace. */
export function holds(condition: Condition, trace: Trace, at: number): boolean {
  const value = (signal: Signal, when = at): number => valueOf(signal, trace, when)
  const back = (time: number): readonly number[] => Array.from({ length: time + 1 }, (_, i) => at - i).filter((when) => when >= 0)
  switch (condition.op) {
    case 'above':
      return value(condition.signal) > value(condition.limit)
    case 'atOrAbove':
      return value(condition.signal) >= value(condition.limit)
    case 'below':
      return value(condition.signal) < value(condition.limit)
    case 'atOrBelow':
      return value(condition.signal) <= value(condition.limit)
    case 'outside':
      return value(condition.signal) < value(condition.low) || value(condition.signal) > value(condition.high)
    case 'inside':
      return value(condition.signal) >= value(condition.low) && value(condition.signal) <= value(condition.high)
    case 'hysteresis': {
      const [side, is] = [condition.on > condition.off ? 1 : -1, value(condition.signal)]
      return side * (is - condition.on) > 0 || (side * (is - condition.off) > 0 && at > 0 && holds(condition, trace, at - 1))
    }
    case 'all':
      return condition.of.every((part) => holds(part, trace, at))
    case 'any':
      return condition.of.some((part) => holds(part, trace, at))
    case 'not':
      return !holds(condition.of, trace, at)
    case 'atLeast':
      return condition.of.filter((part) => holds(part, trace, at)).length >= condition.count
    case 'heldFor':
      return back(seconds(condition.for)).every((when) => holds(condition.of, trace, when))
    case 'within':
      return back(seconds(condition.for)).some((when) => holds(condition.of, trace, when))
    case 'since':
      return holds(condition.of, trace, at) && (holds(condition.after, trace, at) || (at > 0 && holds(condition, trace, at - 1)))
    case 'stuck':
      return back(seconds(condition.for)).every((when) => value(condition.sensor, when) === value(condition.sensor))
    case 'rising':
      return value(condition.signal) - Math.min(...back(seconds(condition.for)).map((when) => value(condition.signal, when))) > value(condition.by)
    case 'followedBy':
      return holds(condition.then, trace, at) && back(seconds(condition.for)).some((when) => when < at && holds(condition.first, trace, when) && !holds(condition.then, trace, when))
    case 'state':
      return stateAt(trace, at, condition) === condition.is
    default:
      throw new Error(`not defined here: ${condition.op}`)
  }
}

const seconds = (time: Parameters<typeof duration>[0]): number => duration(time) / 1000

function stateAt(trace: Trace, at: number, of: Extract<Condition, { op: 'state' }>): 'stopped' | 'starting' | 'running' {
  const [is, off, on] = [of.of, of.off, of.on].map((signal) => valueOf(signal, trace, at)) as [number, number, number]
  if (is <= off) return 'stopped'
  if (at === 0) return 'running'
  const before = stateAt(trace, at - 1, of)
  const onAt = (when: number): boolean => valueOf(of.of, trace, when) > off
  if (is > on && before === 'stopped') return 'starting'
  if (before !== 'starting') return before
  let begun = at
  while (begun > 0 && onAt(begun - 1) && stateAt(trace, begun - 1, of) === 'starting') begun--
  return at - begun >= seconds(of.starting) ? 'running' : 'starting'
}

function valueOf(signal: Signal, trace: Trace, at: number): number {
  if (typeof signal === 'number') return signal
  if (typeof signal === 'string') return trace[signal]![at]!
  const over = (time: number): readonly number[] => Array.from({ length: time }, (_, i) => valueOf((signal as { readonly of: Signal }).of, trace, at - 1 - i))
  switch (signal.op) {
    case 'difference':
      return valueOf(signal.of[0]!, trace, at) - valueOf(signal.of[1]!, trace, at)
    case 'absolute':
      return Math.abs(valueOf(signal.of, trace, at))
    case 'clamped':
      return Math.min(signal.high, Math.max(signal.low, valueOf(signal.of, trace, at)))
    case 'choice':
      return valueOf(holds(signal.when, trace, at) ? signal.then : signal.else, trace, at)
    case 'meanOver': {
      const values = over(seconds(signal.for))
      return values.reduce((a, b) => a + b, 0) / values.length
    }
    case 'minOver':
      return Math.min(valueOf(signal.of, trace, at), ...over(seconds(signal.for)))
    case 'maxOver':
      return Math.max(valueOf(signal.of, trace, at), ...over(seconds(signal.for)))
    case 'rate':
      return (valueOf(signal.of, trace, at) - valueOf(signal.of, trace, at - seconds(signal.for))) / seconds(signal.for)
    default:
      throw new Error(`not defined here: ${signal.op}`)
  }
}

/** Every way of putting one of `values` in the place of each unknown. */
export function* completions(trace: Trace, values: readonly number[]): Generator<Trace> {
  const gaps = Object.entries(trace).flatMap(([sensor, list]) => list.flatMap((value, i) => (Number.isNaN(value) ? [[sensor, i] as const] : [])))
  const total = values.length ** gaps.length
  for (let n = 0; n < total; n++) {
    const filled: Record<string, number[]> = Object.fromEntries(Object.entries(trace).map(([sensor, list]) => [sensor, [...list]]))
    let rest = n
    for (const [sensor, i] of gaps) {
      filled[sensor]![i] = values[rest % values.length]!
      rest = Math.floor(rest / values.length)
    }
    yield filled
  }
}
