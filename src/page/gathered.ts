import type { Alarm, Answer, Item } from '../model/index.js'
import { bounds } from './plant.js'

/** Alarms and answers of several places, read from the beginning one after the other: what of them a plant must be handed. */
export interface Gathered {
  /** In the order of the place that they are read from; of other kinds nothing is kept. @param place of one order, such as a partition of a topic; what concerns one alarm is in one */
  add(items: readonly Item[], place: string): void
  /** What stands, with its raise, and the latest of what has happened; each place in its own order, and all of them by time. Nothing is kept afterwards. */
  take(): readonly Item[]
  /** Epoch milliseconds of the earliest transition that was added; NaN: there was none. */
  readonly earliest: number
}

interface Kept {
  readonly item: Alarm | Answer
  /** No earlier than those before it in its place: one that was begun again goes back in time. */
  readonly time: number
  readonly n: number
}

/** Of the latest: as many as a plant shows, and so many more before they are thinned. */
const LATEST = bounds.events
const MOST = 4 * LATEST

const byTime = (a: Kept, b: Kept): number => a.time - b.time || a.n - b.n

/** What is kept grows with the alarms that stand, not with those that there were. */
export function gathered(): Gathered {
  /** By rule and machine: the raise and the latest transition of what is not normal. */
  const standing = new Map<string, readonly Kept[]>()
  let latest: Kept[] = []
  const times = new Map<string, number>()
  let n = 0
  let earliest = NaN

  const stand = (kept: Kept, { machine, rule, state, status }: Alarm): void => {
    const key = JSON.stringify([machine, rule])
    if (status === 'normal' || state === 'closed') standing.delete(key)
    else {
      const raise = state === 'raised' ? undefined : standing.get(key)?.find(({ item }) => (item as Alarm).state === 'raised')
      standing.set(key, raise === undefined ? [kept] : [raise, kept])
    }
  }

  return {
    add(items, place) {
      for (const each of items) {
        if (each.kind !== 'alarm' && each.kind !== 'answer') continue
        const item = each as Alarm | Answer
        const time = Math.max(item.time, times.get(place) ?? -Infinity)
        times.set(place, time)
        const kept: Kept = { item, time, n: n++ }
        latest.push(kept)
        if (item.kind === 'alarm') {
          if (!(item.time >= earliest)) earliest = item.time
          stand(kept, item)
        }
        if (latest.length >= MOST) latest = latest.sort(byTime).slice(-LATEST)
      }
    },
    take() {
      const items = [...new Set([...[...standing.values()].flat(), ...latest])].sort(byTime).map(({ item }) => item)
      standing.clear()
      latest = []
      return items
    },
    get earliest() {
      return earliest
    },
  }
}
