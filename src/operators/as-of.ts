import type { OperatorFunction, SchedulerLike } from 'rxjs'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import type { Behaviour } from './behaviour.js'
import type { Key } from './key.js'
import { keyed } from './keyed.js'

export interface AsOfOptions<In, Left extends In, Right extends In, Out> {
  readonly key: Key<In>
  /** What is joined: each one gives one output. A type guard narrows what `join` is given. */
  readonly left: ((item: In) => item is Left) | ((item: In) => boolean)
  /** What it is joined with. An item that is neither is passed over; one that is both is joined with itself. */
  readonly right: ((item: In) => item is Right) | ((item: In) => boolean)
  /** How old the right one may be, this age included. */
  readonly tolerance: Duration
  readonly join: (left: Left, right: Right | undefined) => Out
}

interface Joining<Left, Right> {
  wakeAt: number
  right: Right | undefined
  /** The last time at which the right one may be used. */
  until: number
  waiting: Left[]
}

/**
 * Joins each left item with the last right one of its key at or before its time, if that is not older than `tolerance`; else with `undefined`.
 *
 * It is judged at the end of the instant: right ones of the same instant count even where they come later, and the last of them is taken.
 * Left ones go out in the order in which they came. A right one is forgotten once it is too old.
 *
 * @example
 * asOf({ key: 'machine', left: isVibration, right: isCurrent, tolerance: '10s', join: (v, c) => ({ ...v, load: c?.value }) }, time)
 * // right: a-----b------------------|     tolerance: 5
 * // left:  --1---2----3--------4----|
 * // out:   --1a--2b---3b-------4----|
 */
export function asOf<In, Out, Left extends In = In, Right extends In = In>(
  options: AsOfOptions<In, Left, Right, Out>,
  time?: SchedulerLike,
): OperatorFunction<In, Out> {
  const { key, join } = options
  const isLeft = options.left as (item: In) => item is Left
  const isRight = options.right as (item: In) => item is Right
  const tolerance = duration(options.tolerance)

  const behaviour: Behaviour<In, Out, Joining<Left, Right>> = {
    name: 'asOf',
    version: 1,
    start: () => ({ wakeAt: Infinity, right: undefined, until: -Infinity, waiting: [] }),
    next(state, item, now) {
      if (isRight(item)) {
        state.right = item
        state.until = now + tolerance
        if (state.waiting.length === 0) state.wakeAt = state.until + 1
      }
      if (isLeft(item)) {
        state.waiting.push(item)
        state.wakeAt = now
      }
    },
    wake(state, due, emit) {
      const { waiting } = state
      const right = due <= state.until ? state.right : undefined
      state.waiting = []
      state.wakeAt = right === undefined ? Infinity : state.until + 1
      for (const left of waiting) emit(join(left, right))
    },
    idle: (state, now) => state.waiting.length === 0 && (state.right === undefined || now > state.until),
  }
  return keyed(behaviour, { key }, time)
}
