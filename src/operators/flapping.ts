import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Verdict } from '../model/index.js'
import type { Behaviour } from './behaviour.js'
import type { Key } from './key.js'
import { keyed } from './keyed.js'

export interface FlappingOptions<In> {
  readonly key: Key<In>
  /** The state whose changes are counted. */
  readonly state: (item: In) => boolean | string
  /** How many states are looked at, the newest included: 3 to 32, default 21. */
  readonly history?: number
  /** Flapping begins at this ratio; default 0.5. */
  readonly high?: number
  /** Flapping ends at this ratio; below `high`, default 0.25. */
  readonly low?: number
}

interface Flap {
  wakeAt: number
  readonly key: string
  last: boolean | string | undefined
  /** One bit for each transition, the newest lowest: 1 where the state changed. */
  changes: number
  flapping: boolean
}

/**
 * Nagios' flap detection. Says by a verdict `flapping` when a key begins to change its state too often, and when that is over; nothing in between.
 *
 * Of the last 20 transitions from one state to the next (`history` less one) those that are changes are summed up, weighted from 0.8 (the oldest) to 1.2 (the newest),
 * and divided by their number. At or above `high` flapping begins; at or below `low` it ends; in between all stays as it is.
 * Before the first state nothing has changed, so it does not wait for 21 states.
 *
 * The margin is the ratio less the limit at which it would turn: less `low` while it flaps, less `high` while it does not.
 * It counts items and not time: a key that falls silent stays as it is, and is kept.
 * The condition's name is `flapping`, with the sensor behind it where the key is the series, and the key's text where that is a function.
 *
 * The formula and which limits are included: `check_for_service_flapping` of Nagios Core, base/flapping.c. The weights are those of its manual (its code has 0.75 to 1.25).
 *
 * @example
 * via('verdict', flapping<Verdict>({ key: ({ machine, condition }) => `${machine}/${condition}`, state: ({ truth }) => truth === true }, time))
 */
export function flapping<In extends { readonly machine: string }>(options: FlappingOptions<In>, time?: SchedulerLike): OperatorFunction<In, Verdict> {
  const { state: stateOf, history = 21, high = 0.5, low = 0.25 } = options
  if (!(Number.isInteger(history) && history >= 3 && history <= 32)) throw new RangeError(`history: got ${history}, expected a whole number from 3 to 32`)
  if (!(low >= 0 && low < high)) throw new RangeError(`low: got ${low}, expected a ratio from 0 to below high, which is ${high}`)
  const transitions = history - 1
  const last = transitions - 1
  const mask = 2 ** transitions - 1
  const key = options.key as string | ((item: In) => string)

  /** A change has the weight `0.8 + 0.4 * i / last`, i from 0 (the oldest): summed up in whole numbers, so that a limit is met exactly. */
  const ratio = (changes: number): number => {
    let sum = 0
    for (let i = 0; i < transitions; i++) if ((changes >>> (last - i)) & 1) sum += 2 * last + i
    return (2 * sum) / (5 * transitions * last)
  }

  const conditionOf = (item: In, text: string): string =>
    key === 'machine' ? 'flapping' : `flapping ${key === 'series' ? (item as unknown as { readonly sensor: string }).sensor : text}`

  const behaviour: Behaviour<In, Verdict, Flap> = {
    name: 'flapping',
    version: 1,
    start: (text) => ({ wakeAt: Infinity, key: text, last: undefined, changes: 0, flapping: false }),
    next(state, item, now, emit) {
      const current = stateOf(item)
      const changed = state.last !== undefined && state.last !== current
      state.last = current
      state.changes = ((state.changes << 1) | (changed ? 1 : 0)) & mask
      const level = ratio(state.changes)
      if (state.flapping ? level > low : level < high) return
      state.flapping = !state.flapping
      emit({
        kind: 'verdict', time: now, machine: item.machine, condition: conditionOf(item, state.key),
        truth: state.flapping, margin: level - (state.flapping ? low : high),
      })
    },
  }
  return keyed(behaviour, options, time)
}
