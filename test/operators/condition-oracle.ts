import { fc } from '@fast-check/vitest'
import type { Reading, Truth } from '../../src/model/index.js'
import { above, all, any, below, difference, heldFor, inside, not, outside, within } from '../../src/rules/index.js'
import type { Condition, Signal } from '../../src/rules/index.js'
import { duration } from '../../src/time/index.js'
import { second } from './small-streams.js'

/** When an instant is looked at: before its readings, or when they are in. */
export type Phase = 'open' | 'close'

export interface Judged {
  readonly truth: Truth
  /** NaN: unknown. */
  readonly margin: number
}

/**
 * A condition by its definition, over the readings of one machine on whole seconds.
 * A window of `d` looks at all seconds from `d` ago on, each when its readings are in.
 */
export const oracle = (readings: readonly Reading[], stale: number): ((condition: Condition, time: number, phase: Phase) => Judged) => {
  const known = new Map<Condition, Map<string, Judged>>()

  const value = (signal: Signal, time: number, phase: Phase): number => {
    if (typeof signal === 'string') {
      const last = readings.findLast((each) => each.sensor === signal && (each.time < time || (phase === 'close' && each.time === time)))
      return last?.quality === 'good' && last.time + stale > time ? last.value : NaN
    }
    if (typeof signal === 'number') return signal
    if (signal.op !== 'difference') throw new Error(`the oracle does not know ${signal.op}`)
    return value(signal.of[0]!, time, phase) - value(signal.of[1]!, time, phase)
  }

  const compared = (beyond: number, holds: boolean, margin: number): Judged => (Number.isNaN(beyond) ? unknown : { truth: holds, margin })

  const combined = (parts: readonly Judged[], decisive: boolean): Judged => {
    const truths = parts.map(({ truth }) => truth)
    const truth = truths.includes(decisive) ? decisive : truths.includes('unknown') ? 'unknown' : !decisive
    const margins = parts.filter((part) => part.truth !== 'unknown').map(({ margin }) => margin)
    return truth === 'unknown' ? unknown : { truth, margin: decisive ? Math.max(...margins) : Math.min(...margins) }
  }

  const find = (condition: Condition, time: number, phase: Phase): Judged => {
    switch (condition.op) {
      case 'above':
      case 'below': {
        const beyond = (value(condition.signal, time, phase) - (condition.limit as number)) * (condition.op === 'above' ? 1 : -1)
        return compared(beyond, beyond > 0, beyond)
      }
      case 'outside':
      case 'inside': {
        const is = value(condition.signal, time, phase)
        const beyond = Math.max(is - (condition.high as number), (condition.low as number) - is)
        return condition.op === 'outside' ? compared(beyond, beyond > 0, beyond) : compared(beyond, beyond <= 0, -beyond)
      }
      case 'not': {
        const { truth, margin } = judged(condition.of, time, phase)
        return truth === 'unknown' ? unknown : { truth: !truth, margin: -margin }
      }
      case 'all':
      case 'any':
        return combined(condition.of.map((each) => judged(each, time, phase)), condition.op === 'any')
      case 'heldFor':
      case 'within': {
        const span = duration(condition.for)
        if (span === 0) return judged(condition.of, time, phase)
        const window: Judged[] = []
        for (let at = time - span; at <= time; at += second) window.push(judged(condition.of, at, at < time ? 'close' : phase))
        return combined(window, condition.op === 'within')
      }
      default:
        throw new Error(`the oracle does not know ${condition.op}`)
    }
  }

  const judged = (condition: Condition, time: number, phase: Phase): Judged => {
    let found = known.get(condition)
    if (found === undefined) known.set(condition, (found = new Map()))
    const moment = `${time} ${phase}`
    const result = found.get(moment) ?? find(condition, time, phase)
    found.set(moment, result)
    return result
  }
  return judged
}

const unknown: Judged = { truth: 'unknown', margin: NaN }

const signal: fc.Arbitrary<Signal> = fc.constantFrom<Signal>('x', 'y', difference('x', 'y'))
const limit = fc.integer({ min: 0, max: 3 })

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc.tuple(signal, limit).map(([of, at]) => above(of, at)),
  fc.tuple(signal, limit).map(([of, at]) => below(of, at)),
  fc.tuple(signal, limit).map(([of, at]) => outside(of, at - 1, at)),
  fc.tuple(signal, limit).map(([of, at]) => inside(of, at - 1, at)),
)

const span = fc.constantFrom('0s', '1s', '2s', '5s', '8s' as const)

/** Conditions on the sensors, values and seconds of `smallStreams`. */
export const conditions: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 2, arbitrary: leaf },
    { weight: 1, arbitrary: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((of) => all(...of)) },
    { weight: 1, arbitrary: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((of) => any(...of)) },
    { weight: 1, arbitrary: tie('condition').map(not) },
    { weight: 1, arbitrary: fc.tuple(span, tie('condition')).map(([time, of]) => heldFor(time, of)) },
    { weight: 1, arbitrary: fc.tuple(span, tie('condition')).map(([time, of]) => within(time, of)) },
  ),
})).condition
