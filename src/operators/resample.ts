import { pipe } from 'rxjs'
import type { OperatorFunction, SchedulerLike } from 'rxjs'
import type { Quality, Reading } from '../model/index.js'
import { duration } from '../time/index.js'
import type { Duration } from '../time/index.js'
import type { Behaviour } from './behaviour.js'
import { keyed } from './keyed.js'

export interface ResampleOptions {
  /** `hold`: the last value at or before the point. `linear`: on the line between the readings before and after it. */
  readonly method: 'hold' | 'linear'
  /** `hold`: how long a value is held. `linear`: readings that lie this far apart, or further, are not joined. Left out: without limit. */
  readonly stale?: Duration
}

/** A point of the grid has come. */
interface Due {
  readonly kind: 'due'
  readonly machine: string
  readonly sensor: string
}

interface Clock {
  wakeAt: number
  machine: string
  sensor: string
  until: number
}

interface Held {
  wakeAt: number
  last: Reading | undefined
  until: number
}

interface Line {
  wakeAt: number
  from: Reading | undefined
  /** When `from` came. */
  at: number
  to: Reading | undefined
  until: number
}

const worse = (a: Quality, b: Quality): Quality => (a === 'good' ? b : a)

/** Neither product overflows. */
const between = (from: Reading, to: Reading, share: number, time: number): Reading =>
  ({ ...to, time, value: from.value * (1 - share) + to.value * share, quality: worse(from.quality, to.quality) })

/**
 * Brings each series to a grid: one reading at each multiple of `every` since the epoch, from the series' first reading on. Its time is the point's.
 *
 * A reading that lies on the grid is its own point, so a series on the grid comes out as it went in. Of several readings of one moment the last one counts.
 * A point is suspect where a reading that it is made of is.
 *
 * `hold` emits a point when it has come; without `stale`, a series that has gone silent is held until the data end.
 * A value of time `t` is held in `[t, t + stale)`.
 * `linear` must know the next reading: a point is emitted when that one comes, so late by design, and none is emitted behind the last reading.
 *
 * @example
 * resample('4s', { method: 'hold', stale: '10s' }, time)
 * // in:     --1---3-----------5----|     a frame is a second, the grid is at 0, 4, 8, ...
 * // hold:   ----1---3---3-------5--|     none at 16: the 3 is 10 s old
 * // linear: ------a-----------(bcd)|     without stale: the points 4, and 8, 12, 16, on the lines from 1 to 3 and from 3 to 5
 */
export function resample(every: Duration, options: ResampleOptions, time?: SchedulerLike): OperatorFunction<Reading, Reading> {
  const step = duration(every)
  if (!(Number.isInteger(step) && step > 0)) throw new RangeError(`every: got ${every}, expected a whole number of milliseconds above 0`)
  const stale = options.stale === undefined ? Infinity : duration(options.stale)
  const after = (now: number): number => (Math.floor(now / step) + 1) * step

  if (options.method === 'linear') {
    const line: Behaviour<Reading, Reading, Line> = {
      name: 'resample',
      version: 1,
      start: () => ({ wakeAt: Infinity, from: undefined, at: -Infinity, to: undefined, until: -Infinity }),
      next(state, reading, now) {
        state.to = reading
        state.wakeAt = now
      },
      wake(state, due, emit) {
        const { from, at, to } = state
        state.wakeAt = Infinity
        if (to === undefined) return
        if (from !== undefined && due < state.until)
          for (let point = after(at); point < due; point += step) emit(between(from, to, (point - at) / (due - at), point))
        if (due % step === 0) emit({ ...to, time: due })
        state.from = to
        state.at = due
        state.to = undefined
        state.until = state.wakeAt = due + stale
      },
      idle: (state, now) => now >= state.until,
    }
    return keyed(line, { key: 'series' }, time)
  }

  // A timer opens its instant, and the readings of that instant count as well: so the clock tells the second operator, which looks when the instant closes.
  const clock: Behaviour<Reading, Reading | Due, Clock> = {
    name: 'resample clock',
    version: 1,
    start: () => ({ wakeAt: Infinity, machine: '', sensor: '', until: -Infinity }),
    next(state, reading, now, emit) {
      state.machine = reading.machine
      state.sensor = reading.sensor
      state.until = now + stale
      state.wakeAt = after(now)
      emit(reading)
    },
    wake(state, due, emit) {
      state.wakeAt = due < state.until ? due + step : Infinity
      emit({ kind: 'due', machine: state.machine, sensor: state.sensor })
    },
    idle: (state) => state.wakeAt === Infinity,
  }
  const hold: Behaviour<Reading | Due, Reading, Held> = {
    name: 'resample',
    version: 1,
    start: () => ({ wakeAt: Infinity, last: undefined, until: -Infinity }),
    next(state, item, now) {
      if (item.kind === 'reading') {
        state.last = item
        state.until = now + stale
      }
      if (now % step === 0) state.wakeAt = now // as it is whenever the clock tells
    },
    wake(state, due, emit) {
      state.wakeAt = Infinity
      if (state.last !== undefined && due < state.until) emit({ ...state.last, time: due })
    },
    idle: (state, now) => now >= state.until,
  }
  return pipe(keyed(clock, { key: 'series' }, time), keyed(hold, { key: 'series' }, time))
}
