import type { Item } from '../../model/index.js'
import { duration } from '../../time/duration.js'
import type { Duration } from '../../time/duration.js'

/** Whether a pipeline is still reading what is past, by what it makes: how far its time lies behind the wall clock, and whether that gets less. All times but those of items are of the wall clock. */
export interface CatchingUp {
  /** Milliseconds. */
  readonly maxAge: number
  /** Nothing was heard yet. */
  begin(now: number): void
  heard(items: readonly Item[], now: number): void
  /** Nothing more will come: it has come as far as it goes. */
  end(): void
  /** Older than what is told as new. @param time of a transition of an alarm */
  isOld(time: number, now: number): boolean
  /** Until when it is waited for how this comes out; not above `now`: it is not. @param time of a transition of an alarm */
  heldUntil(time: number, now: number): number
}

/** This near is caught up; and who catches up comes nearer by as much within as long. Time that only keeps pace with the wall clock holds nothing back: it is of clocks that are wrong. */
const STEP = 60_000

/** Throws a RangeError where `maxAge` is no duration. */
export function catchingUp(maxAge: Duration = Infinity): CatchingUp {
  const oldest = duration(maxAge)
  let [newest, furthest, gainedAt] = [-Infinity, Infinity, -Infinity]

  const isOld = (time: number, now: number): boolean => time < now - oldest

  return {
    maxAge: oldest,
    begin(now) {
      ;[newest, furthest, gainedAt] = [-Infinity, Infinity, now]
    },
    heard(items, now) {
      for (const { kind, time } of items as readonly (Item & { readonly time?: unknown })[]) if ((kind === 'reading' || kind === 'tick' || kind === 'alarm') && typeof time === 'number' && time > newest) newest = time
      const behind = now - newest
      if (newest > -Infinity && behind <= furthest - STEP) [furthest, gainedAt] = [behind, now]
      else furthest = Math.max(furthest, behind)
    },
    end() {
      newest = Infinity
    },
    isOld,
    heldUntil: (time, now) => (isOld(time, now) && now - newest > STEP ? gainedAt + STEP : -Infinity),
  }
}
