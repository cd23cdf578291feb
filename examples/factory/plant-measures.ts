import { alarmMeasures, eventTime, inOrder, via } from 'motorwatch'
import type { Alarm, AlarmMeasures, Input } from 'motorwatch'
import { pipe, Subject } from 'rxjs'
import type { Subscription } from 'rxjs'

/** How the alarms of all partitions together bear on those who answer them. */
export interface PlantMeasures {
  /** In the order of the place. @param place of one order, such as a partition of a topic; what concerns one alarm is in one */
  add(alarms: readonly Alarm[], place: string): void
  /** The measures of the hours that were over before then. What is added later and is of before counts when it comes. @param time epoch milliseconds */
  until(time: number): readonly AlarmMeasures[]
}

/** Of what waits for its time: the latest so many are kept. */
const MOST = 200_000
/** Beyond a pause as long, in milliseconds, nothing is told of the hours in it, and it begins anew. */
const PAUSE = 31 * 86_400_000

export function plantMeasures(): PlantMeasures {
  const times = new Map<string, number>()
  let waiting: { readonly alarm: Alarm; readonly time: number }[] = []
  let told: AlarmMeasures[] = []
  let reached = -Infinity
  let input = new Subject<Input | Alarm>()
  let subscription: Subscription | undefined

  const begin = (): void => {
    subscription?.unsubscribe()
    input = new Subject()
    subscription = input.pipe(eventTime((time) => pipe(inOrder<Input | Alarm>({ lateness: 0 }, time), via('alarm', alarmMeasures({}, time))))).subscribe((measures) => { told.push(measures) })
  }
  const go = (time: number): void => {
    if (!(time > reached)) return
    if (time - reached > PAUSE) begin()
    reached = time
    input.next({ kind: 'tick', time })
  }

  return {
    add(alarms, place) {
      for (const alarm of alarms) {
        // A partition that was begun again goes back in time.
        const time = Math.max(alarm.time, times.get(place) ?? -Infinity)
        times.set(place, time)
        if (alarm.state !== 'raised' && alarm.state !== 'cleared' && alarm.state !== 'closed') continue
        waiting.push({ alarm, time })
        if (waiting.length >= MOST) waiting = waiting.sort((a, b) => a.time - b.time).slice(-MOST / 2)
      }
    },
    until(time) {
      const due = waiting.filter((each) => each.time <= time).sort((a, b) => a.time - b.time)
      waiting = waiting.filter((each) => !(each.time <= time))
      for (const { alarm, time: at } of due) {
        go(at)
        input.next(alarm)
      }
      go(time)
      const measures = told
      told = []
      return measures
    },
  }
}
