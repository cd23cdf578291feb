import type { Condition, Signal } from '../../src/rules/index.js'
import { duration } from '../../src/time/index.js'
import type { Duration } from '../../src/time/index.js'

export interface SpecOptions {
  /**
   * RTAMT takes no notice of whether a comparison is strict: it is told, for the truth at 0, by moving each limit so far to the side on which the limit itself then lies.
   * Left out: 0.
   */
  readonly shift?: number
  /**
   * The least or the largest that it may be, whatever comparisons are while they are not known: as long as the variable KNOWN is far below 0 and UNKNOWN far above.
   * Left out: all is known.
   */
  readonly bound?: 'least' | 'largest'
}

export const KNOWN = 'known'
export const UNKNOWN = 'unknown'

/** A condition as RTAMT's signal temporal logic, in seconds. */
export function specOf(condition: Condition, options: SpecOptions = {}): string {
  const { shift = 0, bound } = options
  const holds = (part: Condition): string => specOf(part, options)
  const fails = (part: Condition): string => `not (${specOf(part, bound === undefined ? options : { ...options, bound: bound === 'least' ? 'largest' : 'least' })})`
  const bounded = (spec: string): string => (bound === undefined ? spec : bound === 'least' ? both(spec, KNOWN) : either(spec, UNKNOWN))
  const compare = (more: string, less: string, strict: boolean): string =>
    bounded(shift === 0 ? `(${more}) > (${less})` : `((${more}) - (${less})) > (${strict ? shift : -shift})`)
  const of = signalSpec
  switch (condition.op) {
    case 'above':
    case 'atOrAbove':
      return compare(of(condition.signal), of(condition.limit), condition.op === 'above')
    case 'below':
    case 'atOrBelow':
      return compare(of(condition.limit), of(condition.signal), condition.op === 'below')
    case 'outside':
      return either(compare(of(condition.signal), of(condition.high), true), compare(of(condition.low), of(condition.signal), true))
    case 'inside':
      return both(compare(of(condition.high), of(condition.signal), false), compare(of(condition.signal), of(condition.low), false))
    case 'rising': {
      const signal = of(condition.signal)
      const before = bound === undefined ? signal : bound === 'least' ? either(signal, UNKNOWN) : both(signal, KNOWN)
      return compare(`(${signal}) - (historically${past(condition.for)}(${before}))`, of(condition.by), true)
    }
    case 'hysteresis': {
      const [signal, on, off] = [of(condition.signal), `${condition.on}`, `${condition.off}`]
      return condition.on > condition.off
        ? `(${compare(signal, off, true)}) since (${compare(signal, on, true)})`
        : `(${compare(off, signal, true)}) since (${compare(on, signal, true)})`
    }
    case 'all':
      return both(...condition.of.map(holds))
    case 'any':
      return either(...condition.of.map(holds))
    case 'not':
      return fails(condition.of)
    case 'atLeast':
      return either(...choices(condition.of.map(holds), condition.count).map((chosen) => both(...chosen)))
    case 'heldFor':
      return `historically${past(condition.for)}(${holds(condition.of)})`
    case 'within':
      return `once${past(condition.for)}(${holds(condition.of)})`
    case 'since':
      return `(${holds(condition.of)}) since (${both(holds(condition.of), holds(condition.after))})`
    case 'followedBy':
      return both(holds(condition.then), `once${past(condition.for)}(${both(holds(condition.first), fails(condition.then))})`)
    default:
      throw new Error(`RTAMT has no ${condition.op}`)
  }
}

function signalSpec(signal: Signal): string {
  if (typeof signal !== 'object') return `${signal}`
  const parts = (): readonly string[] => ('of' in signal && Array.isArray(signal.of) ? (signal.of as readonly Signal[]) : []).map((of) => `(${signalSpec(of)})`)
  const chained = (operator: string): string => parts().reduce((done, part) => `(${done} ${operator} ${part})`)
  switch (signal.op) {
    case 'difference':
      return chained('-')
    case 'sum':
      return chained('+')
    case 'product':
      return chained('*')
    case 'ratio':
      return chained('/')
    case 'absolute':
      return `abs(${signalSpec(signal.of)})`
    case 'scaled':
      return `(${signal.by}) * (${signalSpec(signal.of)})`
    case 'clamped':
      return both(`${signal.high}`, either(`${signal.low}`, signalSpec(signal.of)))
    case 'minOver':
      return `historically${past(signal.for)}(${signalSpec(signal.of)})`
    case 'maxOver':
      return `once${past(signal.for)}(${signalSpec(signal.of)})`
    default:
      throw new Error(`RTAMT has no ${signal.op}`)
  }
}

const both = (...of: readonly string[]): string => of.map((each) => `(${each})`).join(' and ')
const either = (...of: readonly string[]): string => of.map((each) => `(${each})`).join(' or ')
const past = (time: Duration): string => `[0,${duration(time) / 1000}]`

/** All choices of so many. */
function choices<T>(of: readonly T[], count: number): readonly (readonly T[])[] {
  if (count === 0) return [[]]
  return of.flatMap((first, i) => choices(of.slice(i + 1), count - 1).map((others) => [first, ...others]))
}
