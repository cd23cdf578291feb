import { defer, Observable } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import { instrumentRange } from '../model/index.js'
import type { Item, Nameplate, Reading } from '../model/index.js'
import { subscribeWithin } from '../time/subscribe-within.js'

export type Range = readonly [low: number, high: number]

export interface PlausibleOptions {
  /** What the instrument of a machine's sensor can show, both ends included. `undefined`: as if the option were not given. Asked once for each sensor of a machine. */
  readonly range?: (machine: string, sensor: string) => Range | undefined
  /** By machine; they widen the ranges as `instrumentRange` does. */
  readonly nameplates?: ReadonlyMap<string, Nameplate>
}

/**
 * Marks a good reading `suspect` whose value lies outside what its instrument can show, and keeps it; a value on the range's ends is plausible. NaN is not.
 *
 * The range is the option's, or that of the standard sensor, widened by the machine's nameplate; a sensor without a range is always plausible.
 * All other items are passed on as they are, and so are readings that are suspect already. Without state.
 * Throws a RangeError for a range that is none, as an error of the stream.
 *
 * @example
 * plausible({ nameplates: new Map([['M1', { ratedCurrent: 180 }]]) })
 */
export function plausible<In extends Item>(options: PlausibleOptions = {}): OperatorFunction<In, In> {
  const { range, nameplates } = options
  const find = (machine: string, sensor: string): Range => {
    const found = range?.(machine, sensor) ?? instrumentRange(sensor, nameplates?.get(machine))
    if (!(found[0] <= found[1])) throw new RangeError(`the range of ${machine}/${sensor}: got ${JSON.stringify(found)}, expected [low, high] with low <= high`)
    return found
  }
  return (source) =>
    defer(() => {
      const ranges = new Map<string, Map<string, Range>>()
      const rangeOf = (machine: string, sensor: string): Range => {
        const own = range === undefined && nameplates?.get(machine) === undefined ? '' : machine
        let sensors = ranges.get(own)
        if (sensors === undefined) {
          sensors = new Map()
          ranges.set(own, sensors)
        }
        let found = sensors.get(sensor)
        if (found === undefined) {
          found = find(machine, sensor)
          sensors.set(sensor, found)
        }
        return found
      }
      return new Observable<In>((subscriber) => {
        subscribeWithin(subscriber, source, {
          next: (item) => {
            let marked = item
            try {
              if (item.kind === 'reading') {
                const { machine, sensor, value, quality } = item as unknown as Reading
                const range = quality === 'good' ? rangeOf(machine, sensor) : undefined
                if (range !== undefined && !(value >= range[0] && value <= range[1])) marked = { ...item, quality: 'suspect' }
              }
            } catch (error) {
              subscriber.error(error)
              return
            }
            subscriber.next(marked)
          },
          error: (error: unknown) => {
            subscriber.error(error)
          },
          complete: () => {
            subscriber.complete()
          },
        })
      })
    })
}
