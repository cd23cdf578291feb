import type { Item, Reading } from '../../../src/model/index.js'
import { keyed, via } from '../../../src/operators/index.js'
import type { Behaviour } from '../../../src/operators/index.js'
import type { Rule } from '../../../src/rules/index.js'
import { duration } from '../../../src/time/index.js'
import type { AlarmsOperator } from '../../../src/testing/index.js'

export interface State {
  wakeAt: number
  readonly machine: string
  /** NaN: unknown. */
  value: number
  staleAt: number
  /** Since when it has been above the limit, and since when it has not; NaN: it is not so. */
  above: number
  notAbove: number
  raised: boolean
}

/** What a judge is made of. Each of the broken ones beside this file has one part that is wrong. */
export interface Parts {
  readonly key: 'machine' | ((reading: Reading) => string)
  readonly read: (reading: Reading) => number
  readonly isAbove: (value: number, limit: number) => boolean
  /** It has been so since then: is the delay over? */
  readonly isOver: (since: number, delay: number, now: number) => boolean
  /** Nothing is known. */
  readonly forget: (state: State, now: number) => void
  /** It is no longer above the limit. */
  readonly reset: (state: State) => void
}

const parts: Parts = {
  key: 'machine',
  read: ({ value, quality }) => (quality === 'good' ? value : NaN),
  isAbove: (value, limit) => value > limit,
  isOver: (since, delay, now) => now >= since + delay,
  forget: (state) => {
    state.above = state.notAbove = NaN
  },
  reset: (state) => {
    state.above = NaN
  },
}

export interface Transition extends Item {
  readonly kind: 'alarm'
  readonly time: number
  readonly machine: string
  readonly rule: string
  readonly state: 'raised' | 'cleared'
}

const STALE = 60_000

/** Judges `above` one number with its delays, written out plainly. */
export const judging = (wrong: Partial<Parts> = {}): AlarmsOperator => {
  const { key, read, isAbove, isOver, forget, reset } = { ...parts, ...wrong }
  const behaviour = ({ id, when, onDelay = 0, offDelay = 0 }: Rule): Behaviour<Reading, Transition, State> => {
    if (when.op !== 'above' || typeof when.signal !== 'string' || typeof when.limit !== 'number') throw new RangeError('only a sensor above a number')
    const { signal, limit } = when
    const [on, off] = [duration(onDelay), duration(offDelay)]
    return {
      name: 'judging',
      version: 1,
      start: (machine) => ({ wakeAt: Infinity, machine, value: NaN, staleAt: Infinity, above: NaN, notAbove: NaN, raised: false }),
      next(state, reading, now) {
        if (reading.sensor !== signal) return
        state.value = read(reading)
        state.staleAt = now + STALE
        state.wakeAt = now
      },
      wake(state, now, emit, closing) {
        if (!closing) return true
        if (now >= state.staleAt) {
          state.value = NaN
          state.staleAt = Infinity
        }
        const holds = isAbove(state.value, limit)
        if (Number.isNaN(state.value)) forget(state, now)
        else if (holds) {
          if (Number.isNaN(state.above)) state.above = now
          state.notAbove = NaN
        } else {
          if (Number.isNaN(state.notAbove)) state.notAbove = now
          reset(state)
        }
        const [since, delay] = state.raised ? [state.notAbove, off] : [holds ? state.above : NaN, on]
        if (isOver(since, delay, now)) {
          state.raised = !state.raised
          emit({ kind: 'alarm', time: now, machine: state.machine, rule: id, state: state.raised ? 'raised' : 'cleared' })
        }
        const due = [state.above + on, state.notAbove + off].filter((at) => at > now)
        state.wakeAt = Math.min(state.staleAt, ...due)
        return false
      },
    }
  }
  return ([rule], _options, time) => via('reading', keyed(behaviour(rule!), { key }, time))
}

export const good = judging()
